/** Why a webhook's `authorization` can't be used; a sentence without the value. */
export type AuthorizationProblem = { code: string; message: string };

const konnectToken = /\b(kpat|spat)_/;

/**
 * Visible ASCII and blanks. HTTP (RFC 9110) forbids control characters, and beyond ASCII senders and receivers don't agree on
 * the bytes: the same letter is Latin-1 for one and UTF-8 for the other, so that it would never match.
 */
const fieldValue = /^[\x20-\x7e]*$/;

/**
 * Characters of the longest value: what common HTTP servers take for a header (nginx and Apache 8 KiB for a line, Node.js
 * 16 KiB for all of them). A longer one is mostly a file that was taken for the credential.
 */
const longest = 8_000;

/** Schemes of the `Authorization` header, in lower case, that mean nothing without a credential behind them. */
const schemes: ReadonlySet<string> = new Set([
  "api-key",
  "api-token",
  "apikey",
  "apitoken",
  "basic",
  "bearer",
  "digest",
  "geniekey",
  "hmac",
  "jwt",
  "key",
  "negotiate",
  "oauth",
  "sharedkey",
  "splunk",
  "sso-key",
  "token",
]);

/** True if a credential is not set: CI systems hand a secret that they lack on as an empty variable. */
export function isBlank(value: string | null | undefined): value is "" | null | undefined {
  return value === null || value === undefined || value.trim() === "";
}

/**
 * Checks the value that Konnect is to send in the `Authorization` header of each delivery.
 *
 * @returns the first problem found, or `undefined`
 */
export function checkAuthorization(authorization: string): AuthorizationProblem | undefined {
  if (isBlank(authorization)) {
    return { code: "AUTHORIZATION_BLANK", message: "cannot be blank: Konnect refuses it" };
  }
  if (konnectToken.test(authorization)) {
    return {
      code: "AUTHORIZATION_IS_KONNECT_TOKEN",
      message:
        "looks like a Konnect token (kpat_… or spat_…): it would be sent to the SIEM with every delivery. Use the SIEM's own credential",
    };
  }
  const word = schemeBefore(authorization.trim());
  if (/^(['"]).*\1$/s.test(word?.rest ?? authorization.trim())) {
    return {
      code: "AUTHORIZATION_IN_QUOTES",
      message:
        "stands in quotes, which would be sent too: what reads .env files for containers, for example, does not take them off",
    };
  }
  if (/^(?:proxy-)?authorization\s*:/i.test(word?.rest ?? authorization.trim())) {
    return {
      code: "AUTHORIZATION_WITH_HEADER_NAME",
      message: "holds the header's name, which is no part of its value",
    };
  }
  if (word && isSchemeTwice(word)) {
    return {
      code: "AUTHORIZATION_SCHEME_TWICE",
      message:
        "has two scheme words, such as Bearer: the credential probably holds one already, and needs no prefix",
    };
  }
  if (schemes.has(authorization.trim().toLowerCase())) {
    return {
      code: "AUTHORIZATION_SCHEME_ALONE",
      message: `is a scheme word alone, such as Bearer, without a credential behind it: the variable that the credential comes from is probably set to nothing`,
    };
  }
  if (!fieldValue.test(authorization)) {
    return {
      code: "AUTHORIZATION_NOT_A_HEADER_VALUE",
      message:
        "holds a line break, another control character or a letter beyond ASCII, which an HTTP header can't carry reliably",
    };
  }
  if (authorization.trim() !== authorization) {
    return {
      code: "AUTHORIZATION_BLANK_AT_AN_END",
      message:
        "begins or ends with a blank, which HTTP cuts off: the SIEM would never see this value",
    };
  }
  if (word && /^\s/.test(word.rest)) {
    return {
      code: "AUTHORIZATION_BLANK_AFTER_SCHEME",
      message:
        "has more than one blank between its scheme and the credential: the credential probably begins with one",
    };
  }
  if (authorization.length > longest) {
    return {
      code: "AUTHORIZATION_TOO_LONG",
      message: `is longer than ${longest} characters, which HTTP servers don't take in a header`,
    };
  }
  return undefined;
}

/** The scheme that a value begins with, and what stands behind the one blank after it. */
function schemeBefore(value: string): { scheme: string; rest: string } | undefined {
  const [, scheme = "", rest] = /^(\S+)[ ](.*)$/s.exec(value) ?? [];
  return rest !== undefined && schemes.has(scheme.toLowerCase())
    ? { scheme: scheme.toLowerCase(), rest }
    : undefined;
}

function isSchemeTwice({ scheme, rest }: { scheme: string; rest: string }): boolean {
  return schemeBefore(rest.trim()) !== undefined || rest.trim().toLowerCase() === scheme;
}
