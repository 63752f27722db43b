/** Why a webhook's `authorization` can't be used; a sentence without the value. */
export type AuthorizationProblem = { code: string; message: string };

const konnectToken = /\b(kpat|spat)_/;

/**
 * Visible ASCII and blanks. HTTP (RFC 9110) forbids control characters, and beyond ASCII senders and receivers don't agree on
 * the bytes: the same letter is Latin-1 for one and UTF-8 for the other, so that it would never match.
 */
const fieldValue = /^[\x20-\x7e]*$/;

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
  return undefined;
}
