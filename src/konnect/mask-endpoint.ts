import { type Cleaner, type CleanText, cleanly, cleanText } from "../core/foreign-text.js";
import { openPathOf } from "./secret-endpoint.js";

/**
 * An endpoint as messages and reports may show it: scheme, host and path.
 *
 * Masked are userinfo, the query's values and whatever in it has no name, the fragment, segments of the path that look like
 * a key, and for services whose URL is the credential all of the path behind what is known of it.
 *
 * @param clean takes out the secrets that the process knows. @default none known
 */
export function maskEndpoint(endpoint: string, clean: Cleaner = cleanText): CleanText {
  if (endpoint === "unconfigured") return clean(endpoint);
  if (!URL.canParse(endpoint)) return clean("(not a URL)");
  const url = new URL(endpoint);
  // `data:`, `javascript:` and the like have no host, and anything in what follows.
  if (url.host === "") return clean(`${url.protocol}***`, 80);
  const userinfo = url.username || url.password ? "***@" : "";
  const fragment = url.hash === "" ? "" : "#***";
  return clean(
    `${url.protocol}//${userinfo}${url.host}${maskedPath(url)}${maskedQuery(url)}${fragment}`,
  );
}

/** True if an endpoint has a part that masking hides: it may hold a secret. */
export function mayHoldSecret(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return true;
  const url = new URL(endpoint);
  const hidden = url.username || url.password || url.search || url.hash;
  return hidden !== "" || maskedPath(url) !== url.pathname;
}

/** The two sides of a changed endpoint for a message; says so when masking made them look alike. */
export function maskEndpointChange(
  before: string,
  after: string,
  clean: Cleaner = cleanText,
): { before: CleanText; after: CleanText } {
  const masked = { before: maskEndpoint(before, clean), after: maskEndpoint(after, clean) };
  if (before === after || masked.before !== masked.after) return masked;
  return { before: masked.before, after: cleanly`${masked.after} (differs in a masked part)` };
}

function maskedPath(url: URL): string {
  const known = openPathOf(url);
  if (known === undefined) {
    return url.pathname
      .split("/")
      .map((segment) => (looksLikeKey(segment) ? "***" : segment))
      .join("/");
  }
  // One asterisk group for all that follows: the number of segments may tell, too.
  return url.pathname.length > known.length ? `${known}***` : known;
}

const plainName = /^[A-Za-z][A-Za-z0-9_.[\]-]{0,39}$/;

function maskedQuery({ search }: URL): string {
  if (search === "" || search === "?") return search;
  const parameters = search.slice(1).split("&");
  const masked = parameters.map((parameter) => {
    const equals = parameter.indexOf("=");
    const name = decode(parameter.slice(0, Math.max(equals, 0)));
    // `?SECRET`, `?SECRET=` and base64 that ends in `=` are values without a name.
    const named = equals > 0 && !/^=+$/.test(parameter.slice(equals));
    return named && plainName.test(name) && !looksLikeKey(name)
      ? `${encodeURIComponent(name)}=***`
      : "***";
  });
  return `?${masked.join("&")}`;
}

/** Letters, digits, and the signs that may stand in a path as they are. */
const plainSegment = /^[\p{L}\p{N}\p{M} _.~:@+,;!$'()*-]*$/u;
const uuid = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/**
 * True if a segment of a path looks like a key rather than words: a UUID, signs that are encoded in URLs, many digits, letters and digits or upper and lower
 * case mixed as no name mixes them, or letters without a break for longer than any word.
 */
function looksLikeKey(segment: string): boolean {
  const text = decode(segment);
  if (uuid.test(text) || !plainSegment.test(text)) return true;
  if (text.split(/[-_.~:@,;!$'()* ]/).some(isRandom)) return true;
  const joined = text.replace(/[-_]/g, "");
  return joined.length >= shortestJoinedKey && isMixed(joined);
}

const shortestKey = 10;
/** Of a key that is broken by hyphens, as a URL-safe base64 is. */
const shortestJoinedKey = 20;
const longestWord = 24;
/** Characters of the same kind in a row, on average. */
const shortestRun = 2.5;

function isRandom(word: string): boolean {
  if (word.length < shortestKey) return false;
  if (/^\d+$/.test(word) || word.includes("+")) return true;
  // Words, with a number or version before or after them.
  const letters = word.replace(/^v?\d{1,4}|\d{1,4}$/g, "");
  if (/\d/.test(letters)) return true;
  return letters.length > longestWord || averageRun(letters) < shortestRun;
}

/** True for hexadecimal digits, and for upper case, lower case and digits mixed as in no words. */
function isMixed(text: string): boolean {
  if (!/\d/.test(text)) return false;
  if (/^[0-9a-f]+$/i.test(text)) return true;
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && averageRun(text) < shortestRun;
}

/** Capitals, small letters or digits in a row, on average: about 4 in camelCase, 2 at most in random characters. */
function averageRun(text: string): number {
  const runs = text.match(/[A-Z]+|[a-z]+|\d+/g) ?? [];
  return text.length / Math.max(runs.length, 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
