import { createHash } from "node:crypto";
import { cutCefSignature, parseCef, startBehindRelay } from "./cef.js";
import { holdsSignature, linesInEnvelope } from "./envelope.js";
import { formatEvent } from "./format.js";
import { type PlacedMember, placeJsonMembers } from "./lossless-json.js";
import { eventsOfPullRecord, isPullRecord } from "./pull-record.js";

/** What of a line is signed, and by what. */
export interface SignedPart {
  /** What Konnect may have signed; in `cps` lines it is not documented whether the inner object or the whole line is. */
  payloads: readonly Buffer[];
  /** As it is written. */
  signature: string;
  /**
   * True if somebody has rewritten the line since Konnect signed it: the signature is not at its end. Without payloads there
   * is nothing to verify any more.
   */
  moved: boolean;
  /** True for a record of the pull API, of which it is not documented what its signature covers. */
  pulled: boolean;
}

/**
 * Finds a line's signature and what it may cover, byte for byte: nothing is decoded and written again.
 *
 * @param raw the line as it was received, without its line break
 * @returns `undefined` when there is none
 */
export function signedPart(raw: Uint8Array | string): SignedPart | undefined {
  // Latin-1 maps each byte to one character and back, whatever encoding the bytes are in.
  const line = bytesOf(raw).toString("latin1");
  return /^[ \t]*\{/.test(line) ? signedPartOfJson(line) : signedPartOfCef(line);
}

/**
 * A digest of what a line's signature covers and of the signature: the same for two spellings of one signed line, with other
 * blanks around the signature for example.
 *
 * @param raw the line that the part was cut from
 */
export function signedIdentity(
  { payloads, signature }: SignedPart,
  raw: Uint8Array | string,
): string {
  return createHash("sha256")
    .update(payloads[0] ?? raw)
    .update(`\n${signature}`, "latin1")
    .digest("base64url");
}

/** The bytes of a line, not copied. */
function bytesOf(raw: Uint8Array | string): Buffer {
  if (typeof raw === "string") return Buffer.from(raw);
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

function signedPartOfCef(line: string): SignedPart | undefined {
  const signed = cutCefSignature(line);
  if (signed) {
    const { payload, signature } = signed;
    return part([payload.slice(startBehindRelay(payload))], signature);
  }
  if (!line.includes("sig")) return undefined;
  const fields = parseCef(line);
  if (!fields) return holdsSignature(line) ? rewritten() : undefined;
  // A user agent may hold the same text: only what reads as the field counts.
  const signature = fields.get("sig");
  if (signature !== undefined) return rewritten(signature);
  return signatureBehindOther.test(line) ? rewritten() : undefined;
}

// Blanks that CEF does not know, which somebody has put in the place of Konnect's.
const signatureBehindOther = /[^\x21-\x7e]sig=[\w-]{86}\s*$/;

/** A signature of which it can't be seen what it covers. */
function rewritten(signature = ""): SignedPart {
  return part([], signature, { moved: true });
}

// Anchored at the end: a user agent can hold the same text, with its quotes escaped.
const jsonSignature = /,[ \t\r\n]*"sig"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"[ \t\r\n]*\}[ \t\r\n]*$/;
const cpsSignature =
  /,[ \t\r\n]*"sig"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"[ \t\r\n]*\}[ \t\r\n]*\}[ \t\r\n]*$/;
const cpsOpening = /^[ \t\r\n]*\{[ \t\r\n]*"event"[ \t\r\n]*:[ \t\r\n]*(?=\{)/;

function signedPartOfJson(line: string): SignedPart | undefined {
  const atEnd = jsonSignature.exec(line);
  if (atEnd) {
    const text = `${line.slice(0, atEnd.index)}}`;
    return part([text, ...enclosedIn(text)], atEnd[1] ?? "");
  }
  const inner = cpsOpening.test(line) ? cpsSignature.exec(line) : null;
  if (inner) {
    const rest = line.slice(0, inner.index);
    const payloads = [`${rest.replace(cpsOpening, "")}}`, `${rest}}}`];
    // The object that ends the line is another one where the outer object has more members.
    if (placeJsonMembers(line)?.length === 1) return part(payloads, inner[1] ?? "");
    return signedPartOfMembers(line);
  }
  return /sig|\\u/i.test(line) ? signedPartOfMembers(line) : undefined;
}

/** The signature of a line whose members somebody has sorted or added to. */
function signedPartOfMembers(line: string): SignedPart | undefined {
  // White space that JSON does not know is passed over by who reads the line, but Konnect has signed none.
  const outer = placeJsonMembers(line) ?? placeJsonMembers(trimmed(line));
  if (!outer) return holdsSignature(line) ? rewritten() : undefined;
  const [event] = outer;
  const wrapped = outer.length === 1 && event?.key === "event" ? event.source : undefined;
  const text = wrapped ?? line;
  const members = (wrapped === undefined ? outer : placeJsonMembers(wrapped)) ?? [];
  const fields = new Map(members.map(({ key, text: value }) => [key, value]));
  const pulled = isPullRecord(fields);
  const place = members.findIndex(({ key }) => key === "sig" || (pulled && key === "signature"));
  const member = members[place];
  if (!member) return signedPartInside(line, outer);
  const isPlain = text.startsWith(`"${member.key}"`, member.start);
  const again = !isPlain || members.some(({ key }, index) => key === member.key && index !== place);
  const cut = again ? undefined : cutMember(text, members, place);
  const payloads = cut === undefined ? [] : [cut, ...enclosedIn(cut)];
  if (pulled && !again) payloads.push(...linesOfPullRecord(text));
  return part(payloads, member.text, { moved: !pulled, pulled });
}

/** The signed part of the line in a collector's envelope. */
function signedPartInside(line: string, outer: readonly PlacedMember[]): SignedPart | undefined {
  const [enclosed, another] = linesInEnvelope(outer, "latin1");
  if (enclosed === undefined || another !== undefined || enclosed === line) {
    return holdsSignature(line) ? rewritten() : undefined;
  }
  const signed = signedPart(Buffer.from(enclosed, "latin1"));
  return signed ? { ...signed, moved: !signed.pulled } : undefined;
}

/** The line in an envelope whose own member is the line's signature. */
function enclosedIn(envelope: string): string[] {
  // Konnect's own objects hold no others: they are not read a second time.
  const members = /:[ \t\r\n]*\{/.test(envelope) ? placeJsonMembers(envelope) : undefined;
  const [enclosed, another] = linesInEnvelope(members ?? [], "latin1");
  if (enclosed === undefined || another !== undefined) return [];
  const object = cpsOpening.test(enclosed)
    ? enclosed.replace(cpsOpening, "").slice(0, -1)
    : enclosed;
  return [object];
}

function trimmed(line: string): string {
  return Buffer.from(Buffer.from(line, "latin1").toString("utf8").trim()).toString("latin1");
}

/** The object's text without a member and the comma before it, or the one behind the first member. */
function cutMember(text: string, members: readonly PlacedMember[], place: number): string {
  const start = members[place]?.start ?? 0;
  const end = members[place]?.end ?? 0;
  if (place > 0) return text.slice(0, members[place - 1]?.end) + text.slice(end);
  return text.slice(0, start) + text.slice(members[1]?.start ?? end);
}

/** The delivered lines that a pull record may be of. */
function linesOfPullRecord(text: string): string[] {
  const members = placeJsonMembers(Buffer.from(text, "latin1").toString("utf8")) ?? [];
  const fields = new Map(members.map(({ key, text: value }) => [key, value]));
  return eventsOfPullRecord(fields)
    .flatMap((event) => [formatEvent(event, "json"), formatEvent(event, "cef")])
    .map((line) => Buffer.from(line).toString("latin1"));
}

function part(
  payloads: readonly string[],
  signature: string,
  { moved = false, pulled = false }: { moved?: boolean; pulled?: boolean } = {},
): SignedPart {
  const bytes = payloads.map((payload) => Buffer.from(payload, "latin1"));
  return { payloads: bytes, signature, moved, pulled };
}
