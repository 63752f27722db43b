import { parseJson } from "../core/json.js";
import { parseCef } from "./cef.js";
import { headerFields, knownExtensions } from "./fields.js";
import { type PlacedMember, placeJsonMembers } from "./lossless-json.js";

/** How the bytes of a text were read: `latin1` makes a character of each byte. */
export type TextEncoding = "latin1" | "utf8";

/** How deep envelopes may be in each other. */
const deepest = 4;

/** How many members of an envelope are looked into: a hostile line must not be expensive. */
const mostLookedInto = 8;

/** The members in which collectors put what they have received; below another name it is somebody's, or was changed. */
const enclosing: ReadonlySet<string> = new Set([
  "_raw",
  "_source",
  "body",
  "data",
  "event",
  "line",
  "log",
  "message",
  "msg",
  "original",
  "payload",
  "raw",
  "record",
  "result",
  "textPayload",
]);

/**
 * Finds the delivered lines in the envelopes that collectors have put around them: the object or the text in one of their
 * members, as in HEC's `{"time":…,"event":{…}}` or in `{"log":"…","stream":"stdout"}`.
 *
 * @param members those of the outermost object
 * @param encoding how its bytes were read
 * @returns each line once, and two at most; none where the object is an event itself
 */
export function linesInEnvelope(
  members: readonly PlacedMember[],
  encoding: TextEncoding,
): string[] {
  const lines = new Set<string>();
  if (!isEventObject(namesOf(members))) collect(members, { encoding, depth: 1, lines });
  return [...lines];
}

/**
 * True if an object's members are those of an event: what stands deeper in it is part of the event.
 *
 * @param names of the members
 */
export function isEventObject(names: Iterable<string>): boolean {
  let known = 0;
  for (const name of names) {
    if (eventNames.has(name)) known += 1;
    if (known === 3) return true;
  }
  return false;
}

/**
 * True if a signature stands anywhere in a text that is no event, or as a member that no event has: below another member,
 * under a name that a collector has put before its own, or behind a quote of another notation.
 */
export function holdsSignature(text: string): boolean {
  const json = parseJson(text);
  if (typeof json !== "object" || json === null) return signatureText.test(text);
  const open: unknown[] = [json];
  while (open.length > 0) {
    for (const [key, value] of Object.entries(open.pop() as object)) {
      if (typeof value === "object" && value !== null) open.push(value);
      if (key === "sig" || (signatureName.test(key) && signatureValue.test(String(value)))) {
        return true;
      }
      if (typeof value === "string" && !eventNames.has(key) && signatureText.test(value)) {
        return true;
      }
    }
  }
  return false;
}

const eventNames: ReadonlySet<string> = new Set([
  ...headerFields,
  ...knownExtensions,
  "event_vendor",
  "event_version",
  "cef_version",
]);
const signatureName = /(?:^|[._])sig(?:nature)?$/i;
const signatureValue = /^[\w-]{86}$/;
// What stands between name and value is a notation's: quotes, doubled or escaped, a colon, percent escapes.
const signatureText = /(?<![A-Za-z\d])sig(?:%[\dA-F]{2}|[^\w%]){1,16}[\w-]{86}(?![\w-])/i;

interface Search {
  encoding: TextEncoding;
  depth: number;
  lines: Set<string>;
}

function namesOf(members: readonly PlacedMember[]): string[] {
  return members.map(({ key }) => key);
}

function collect(members: readonly PlacedMember[], { encoding, depth, lines }: Search): void {
  const looked = members.filter(({ key }) => enclosing.has(key));
  if (depth > deepest || looked.length > mostLookedInto) return;
  for (const { key, source } of looked) {
    // A second line makes it uncertain already which of them is meant.
    if (lines.size > 1) return;
    const inside = source.startsWith('"') ? decodeString(source, encoding) : source;
    if (!inside.trimStart().startsWith("{")) {
      if (inside.includes("CEF:") && parseCef(inside)) lines.add(inside);
      continue;
    }
    const inner = placeJsonMembers(inside);
    if (!inner) continue;
    // An object under `event` is what Konnect sends in its cps format, whatever was added beside it.
    if (!isEventObject(namesOf(inner))) collect(inner, { encoding, depth: depth + 1, lines });
    else lines.add(key === "event" && inside === source ? `{"event":${inside}}` : inside);
  }
}

/** A string's value, read as its text was. */
function decodeString(source: string, encoding: TextEncoding): string {
  const text = encoding === "utf8" ? source : Buffer.from(source, "latin1").toString("utf8");
  const value = String(parseJson(text) ?? "");
  return encoding === "utf8" ? value : Buffer.from(value, "utf8").toString("latin1");
}
