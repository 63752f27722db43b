import type { Cleaner, CleanText } from "../core/foreign-text.js";
import { maskEndpoint } from "../konnect/endpoint.js";

/** Characters that are shown of what a SIEM said to Konnect. */
const longest = 160;

/** Words that a refusal of a credential is made of; none of them is one. */
const ordinary = new Set(
  `a accepted access account action allowed and api are auth authenticated authentication authorization authorized bad bearer been
  by can code collector content create created credential credentials data denied description detail details disabled does error
  errors exist expected expired failed failure false for forbidden format found from has have header http id in inactive
  incorrect index input insufficient invalid is it key know known login malformed message method missing must no not null
  of ok or password permission permissions please provided provide realm reason refused rejected request required resource
  result revoked scheme scope server service sign source splunk status success successful supplied text the this title to token true
  try type unauthenticated unauthorized unauthorised unknown unsupported user username valid value was with wrong you
  your`.split(/\s+/),
);

/** What follows these is a credential more often than not. */
const namedCredential =
  /\b(bearer|basic|splunk|api-token|apikey|token|key|secret|password|passwd|authorization|credentials?)(["']?\s*[:=]?\s*["']?)([^\s"'<>,;&]{6,})/gi;

/** A run of characters that looks like a key and not like a word. */
const keyLike = /[A-Za-z0-9+/=_~-]{12,}/g;

/**
 * The words that a SIEM said to Konnect, as far as they may be shown.
 *
 * A SIEM may echo the credential that it refuses, and who reads a status does not know it. So a refusal of the credential
 * is shown only if it is made of ordinary words, and from other words all that looks like a key is taken out.
 *
 * @param code HTTP status; null when there was no answer, so that the words are Konnect's own
 * @param clean takes out the secrets that are known
 */
export function refusalWords(
  code: number | null,
  words: string | null,
  clean: Cleaner,
): CleanText | null {
  if (!words) return null;
  // Before anything is taken out: half a secret is not recognised any more.
  const text = clean(showable(code, clean(words)), longest);
  return text === "" ? null : text;
}

function showable(code: number | null, words: string): string {
  if (code === null) return withoutUrls(words);
  return code < 300 || isRefusal(code) ? ordinaryOnly(words) : withoutKeys(words);
}

/** True if the status says that the credential was not accepted. */
function isRefusal(code: number): boolean {
  return code === 401 || code === 403 || code === 407;
}

function ordinaryOnly(words: string): string {
  const looksLikeKey = (words.match(keyLike) ?? []).some((run) => !isWord(run));
  const unknown = words
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => !ordinary.has(word.toLowerCase()) && !/^\d{0,3}$/.test(word));
  return unknown || looksLikeKey ? "" : words;
}

function withoutKeys(words: string): string {
  return withoutUrls(words)
    .replace(namedCredential, (match, name: string, between: string, value: string) =>
      ordinary.has(value.toLowerCase()) || isWord(value) ? match : `${name}${between}***`,
    )
    .replace(keyLike, (run) => (isWord(run) ? run : "***"));
}

/** True if a run of letters has no digit or sign, and no letters whose case changes to and fro. */
function isWord(run: string): boolean {
  return /^[A-Za-z]+$/.test(run) && (run.match(/[a-z][A-Z]/g)?.length ?? 0) < 2;
}

/** Konnect's client names the endpoint in its errors, whose query may be the credential. */
function withoutUrls(words: string): string {
  return words.replace(/https?:\/\/[^\s"'<>]+/gi, (url) => maskEndpoint(url));
}
