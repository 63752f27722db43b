import type { EventKind } from "./event.js";
import { extensionOrder, knownExtensions, optionalExtensions } from "./fields.js";
import { endOfJsonObject } from "./lossless-json.js";

/**
 * Reads the extensions of a CEF line, whose values are neither quoted nor escaped.
 *
 * An unknown `name=` is a field of its own and no part of the value before it. Two values hold what a caller of Konnect
 * writes, and may look like fields:
 *
 * - `user_agent` goes on to the end of the line, but for the fields that the kind requires and that have not come before
 *   it. Konnect writes those behind it, in an access line `trace_id` and `query`; they count only if all of them are there.
 * - `query` ends where its JSON does.
 *
 * So an unknown extension directly behind `user_agent` can't be told from the caller's text, and is left in it.
 *
 * @param body without the signature at its end
 * @param kind `undefined` where the event's name is not documented
 * @param options.signed true if the line has a signature at its end: then one within it is a caller's text @default false
 */
export function readCefExtensions(
  body: string,
  kind: EventKind | undefined,
  { signed = false }: { signed?: boolean } = {},
): ReadonlyMap<string, string> {
  const { fields, tail } = readFront(body);
  if (tail === undefined) return fields;
  const required = requiredNames(kind);
  const missing = new Set([...required].filter((name) => !fields.has(name)));
  const readEnd = () => (signed ? { userAgent: tail, others: new Map() } : readSigned(tail));
  const { userAgent, others } = missing.size > 0 ? readTail(tail, missing, required) : readEnd();
  fields.set("user_agent", userAgent);
  for (const [name, value] of others) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

interface Tail {
  userAgent: string;
  others: ReadonlyMap<string, string>;
}

const known: ReadonlySet<string> = new Set(knownExtensions);
const requiredOfAll: ReadonlySet<string> = new Set([
  "rt",
  "src",
  "org_id",
  "principal_id",
  "trace_id",
]);

function requiredNames(kind: EventKind | undefined): ReadonlySet<string> {
  if (!kind) return requiredOfAll;
  const ofKind = extensionOrder[kind].filter((name) => !optionalExtensions.has(name));
  return new Set(ofKind.filter((name) => name !== "user_agent"));
}

const nameAt = /([A-Za-z_][\w.-]*)=/y;
const border = /(?<![ \t])[ \t]+(?=[A-Za-z_][\w.-]*=)/g;

/** The fields before `user_agent`, and all that follows its `=`. */
function readFront(body: string): { fields: Map<string, string>; tail: string | undefined } {
  const early = new Map<string, string>();
  const late = new Map<string, string>();
  let nameSeen = false;
  let querySeen = false;
  let tail: string | undefined;
  for (let at = skipBlanks(body, 0); at < body.length; ) {
    const name = readName(body, at);
    if (name === undefined) {
      // A word behind a value that holds no blanks: no field, and no part of one.
      at = skipBlanks(body, nextBlank(body, at));
      continue;
    }
    const start = at + name.length + 1;
    if (name === "user_agent") {
      tail = body.slice(start);
      break;
    }
    // Of one query only: looking for the end of each would make a hostile line expensive.
    const isQuery: boolean = name === "query" && !querySeen;
    const end = isQuery ? endOfQuery(body, start) : endOfFrontValue(name, body, start);
    querySeen ||= isQuery;
    const value = body.slice(start, end);
    // A principal's name is the principal's own words: what stands before it counts, and behind it what comes last.
    if (nameSeen) late.set(name, value);
    else if (!early.has(name)) early.set(name, value);
    nameSeen ||= name === "principal_name";
    at = skipBlanks(body, end);
  }
  return { fields: new Map([...late, ...early]), tail };
}

function endOfFrontValue(name: string, body: string, start: number): number {
  if (name === "principal_name") return endOfPrincipalName(body, start);
  return known.has(name) ? nextBlank(body, start) : nextBorder(body, start);
}

function endOfQuery(body: string, start: number): number {
  const end = endOfJsonObject(body, start);
  return isEnd(body, end) ? end : nextBlank(body, start);
}

const mailAtEnd = /(?<=[ \t])\([^()\s]{0,320}@[^()\s]{0,320}\)(?=[ \t]|$)/g;

/** `Full Name (e-mail)`, where it has that form. */
function endOfPrincipalName(body: string, start: number): number {
  mailAtEnd.lastIndex = start;
  const mail = mailAtEnd.exec(body);
  const userAgent = body.indexOf(" user_agent=", start);
  const isBefore = mail !== null && (userAgent < 0 || mail.index < userAgent);
  return isBefore ? mail.index + mail[0].length : nextBorder(body, start);
}

// Hostile text must not make a line expensive to read; HTTP servers allow some 16 KiB of headers.
const mostBorders = 32;
const longestTail = 64 * 1024;

function readTail(tail: string, missing: ReadonlySet<string>, required: ReadonlySet<string>): Tail {
  const whole = { userAgent: tail, others: new Map() };
  if (tail.length > longestTail) return whole;
  const places = [...tail.matchAll(border)]
    .map(({ 0: blanks, index }) => ({ index, start: index + blanks.length }))
    .filter(({ start }) => missing.has(readName(tail, start) ?? ""));
  const read = (place: { index: number; start: number }, options: { asDocumented: boolean }) => {
    const others = readBehind(tail, place.start, { missing, required, ...options });
    return others && { userAgent: tail.slice(0, place.index), others };
  };
  // A caller can imitate what follows the user agent but not put anything behind it: there the last place counts …
  for (const place of places.slice(-mostBorders).reverse()) {
    const found = read(place, { asDocumented: true });
    if (found) return found;
  }
  // … unless the line is not in the documented order or has other extensions too. Then a query may imitate the rest of the
  // line, and a user agent may begin a query that ends in the true one. Both cut the true query in two, which leaves a quote
  // in some value behind what passes for the query.
  const [first] = places
    .slice(0, mostBorders)
    .flatMap((place) => read(place, { asDocumented: false }) ?? [])
    .sort((a, b) => quotesBehindQuery(a) - quotesBehindQuery(b));
  const missesPlaces = places.length > mostBorders;
  return first && !(missesPlaces && quotesBehindQuery(first) > 0) ? first : whole;
}

function quotesBehindQuery({ others }: Tail): number {
  const place = [...others.keys()].indexOf("query");
  return [...others.values()].filter((value, index) => index > place && value.includes('"')).length;
}

/** All that is missing, each once, to the end of the line; `undefined` where that is not what follows. */
function readBehind(
  tail: string,
  start: number,
  options: { missing: ReadonlySet<string>; required: ReadonlySet<string>; asDocumented: boolean },
): ReadonlyMap<string, string> | undefined {
  const { missing, required, asDocumented } = options;
  const order = [...missing];
  const found = new Map<string, string>();
  for (let at = start; at < tail.length; ) {
    const name = readName(tail, at);
    if (name === undefined || found.has(name)) return undefined;
    if (asDocumented && name !== order[found.size]) return undefined;
    if (!missing.has(name) && (required.has(name) || name === "user_agent")) return undefined;
    const valueStart = at + name.length + 1;
    const end = name === "query" ? endOfJsonObject(tail, valueStart) : nextBlank(tail, valueStart);
    if (!isEnd(tail, end)) return undefined;
    found.set(name, tail.slice(valueStart, end));
    at = skipBlanks(tail, end);
  }
  return [...missing].every((name) => found.has(name)) ? found : undefined;
}

/** What follows a signature was appended by somebody on the way; it is shown, as far as Konnect has no field of its name. */
const signatureInside = /(?<![ \t])[ \t]+sig=([\w-]{20,})(?=[ \t])/g;

function readSigned(tail: string): Tail {
  const signature = [...tail.matchAll(signatureInside)].at(-1);
  if (!signature) return { userAgent: tail, others: new Map() };
  const others = new Map([["sig", signature[1] ?? ""]]);
  const appended = readFront(tail.slice(signature.index + signature[0].length)).fields;
  for (const [name, value] of appended) if (!known.has(name)) others.set(name, value);
  return { userAgent: tail.slice(0, signature.index), others };
}

function readName(text: string, at: number): string | undefined {
  nameAt.lastIndex = at;
  return nameAt.exec(text)?.[1];
}

function isBlank(character: string): boolean {
  return character === " " || character === "\t";
}

function isEnd(text: string, at: number): boolean {
  return at === text.length || (at >= 0 && isBlank(text.charAt(at)));
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && isBlank(text.charAt(next))) next += 1;
  return next;
}

function nextBlank(text: string, at: number): number {
  let next = at;
  while (next < text.length && !isBlank(text.charAt(next))) next += 1;
  return next;
}

function nextBorder(text: string, at: number): number {
  border.lastIndex = at;
  const found = border.exec(text)?.index ?? text.length;
  border.lastIndex = 0;
  return found;
}
