import { parseJson } from "../core/json.js";
import { parseCef } from "./cef.js";
import { headerFields, knownExtensions } from "./fields.js";
import { placeJsonMembers } from "./lossless-json.js";

/** How the bytes of a text were read: `latin1` makes a character of each byte. */
export type TextEncoding = "latin1" | "utf8";

/** How deep envelopes may be in each other. */
const deepest = 6;

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
 * @param text one JSON object
 * @param encoding how its bytes were read
 * @returns each line once, and two at most; none where the object is an event itself
 */
export function linesInEnvelope(text: string, encoding: TextEncoding): string[] {
  const lines = new Set<string>();
  collect(text, { encoding, depth: 1, lines });
  return [...lines];
}

/**
 * True if an object's members are those of an event: what stands deeper in it is part of the event.
 *
 * @param names the members' names
 */
export function isEventObject(names: readonly string[]): boolean {
  return names.filter((name) => eventNames.has(name)).length >= 3;
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

function collect(text: string, { encoding, depth, lines }: Search): void {
  const members = depth > deepest ? undefined : placeJsonMembers(text);
  if (!members || isEventObject(members.map(({ key }) => key))) return;
  for (const { key, source } of members) {
    // A second line makes it uncertain already which of them is meant.
    if (lines.size > 1) return;
    if (!enclosing.has(key)) continue;
    const inside = source.startsWith('"') ? decodeString(source, encoding) : source;
    if (!inside.trimStart().startsWith("{")) {
      if (inside.includes("CEF:") && parseCef(inside)) lines.add(inside);
      continue;
    }
    const names = placeJsonMembers(inside)?.map((member) => member.key);
    if (!names) continue;
    // An object under `event` is what Konnect sends in its cps format, whatever was added beside it.
    if (!isEventObject(names)) collect(inside, { encoding, depth: depth + 1, lines });
    else lines.add(key === "event" && inside === source ? `{"event":${inside}}` : inside);
  }
}

/** A string's value, read as its text was. */
function decodeString(source: string, encoding: TextEncoding): string {
  const text = encoding === "utf8" ? source : Buffer.from(source, "latin1").toString("utf8");
  const value = String(parseJson(text) ?? "");
  return encoding === "utf8" ? value : Buffer.from(value, "utf8").toString("latin1");
}
