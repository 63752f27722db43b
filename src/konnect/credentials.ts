import { konnectErrors } from "./errors.js";

/** Where a token or a URL may come from; an argument beats the environment. */
export interface CredentialSources {
  personalAccessToken?: string | null | undefined;
  systemAccountAccessToken?: string | null | undefined;
  env: Readonly<Record<string, string | undefined>>;
}

export interface Credential {
  token: string;
  /** What the user calls it: an argument's or a variable's name. */
  source: string;
  /** Set when the token's prefix says that it belongs in the other slot. */
  misplaced?: string;
}

interface Slot {
  argument: string;
  variable: string;
  prefix: string;
}

const personal: Slot = {
  argument: "personal_access_token",
  variable: "KONNECT_TOKEN",
  prefix: "kpat_",
};
const systemAccount: Slot = {
  argument: "system_account_access_token",
  variable: "KONNECT_SPAT",
  prefix: "spat_",
};

/**
 * Picks the Konnect token, with the names that Kong's own Terraform provider uses.
 *
 * Two tokens from the same kind of source are an error; an argument beats whatever the environment holds, and an empty one
 * is not taken for none: the environment's token may be another organisation's.
 *
 * @throws KonnectError `KONNECT_TOKEN_MISSING`, `KONNECT_TOKEN_AMBIGUOUS` or `KONNECT_TOKEN_MALFORMED`
 */
export function resolveCredential(sources: CredentialSources): Credential {
  const written = [
    { slot: personal, source: personal.argument, token: sources.personalAccessToken },
    {
      slot: systemAccount,
      source: systemAccount.argument,
      token: sources.systemAccountAccessToken,
    },
  ];
  const given = written.filter(({ token }) => token?.trim());
  const empty = written.find(({ token }) => token?.trim() === "");
  if (given.length === 0 && empty) throw konnectErrors.tokenEmpty(empty.source);
  const inherited = [personal, systemAccount]
    .map((slot) => ({ slot, source: slot.variable, token: sources.env[slot.variable] }))
    // Pipelines set variables to nothing, or to a blank, where others unset them.
    .filter(({ token }) => token?.trim());
  const candidates = given.length > 0 ? given : inherited;
  const [chosen, second] = candidates;
  if (!chosen?.token) throw konnectErrors.tokenMissing();
  if (second) throw konnectErrors.tokenAmbiguous(candidates.map(({ source }) => source));
  const problem = malformation(chosen.token);
  if (problem) throw konnectErrors.tokenMalformed(chosen.source, problem);
  const other = chosen.slot === personal ? systemAccount : personal;
  return {
    token: chosen.token,
    source: chosen.source,
    ...(chosen.token.startsWith(other.prefix)
      ? { misplaced: `${other.argument} (${other.variable})` }
      : {}),
  };
}

const schemeWord = /^(?:bearer|basic|token|authorization:?)(?:\s|$)/i;
// RFC 6750's b64token.
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;

/** What is wrong with a token, without the token. */
function malformation(token: string): string | undefined {
  if (schemeWord.test(token.trim())) {
    return "begins with a word such as Bearer, which is no part of the token";
  }
  if (token !== token.trim()) return "has a blank or a line break before or after it";
  if (bearerToken.test(token)) return undefined;
  return "holds a blank, a line break, a quote or another character that can't be in a token";
}
