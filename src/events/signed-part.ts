import { createHash } from "node:crypto";
import { cutCefSignature, parseCef, startBehindRelay } from "./cef.js";
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
  // A user agent may hold the same text: only what reads as the field counts.
  const signature = line.includes("sig=") ? parseCef(line)?.get("sig") : undefined;
  return signature === undefined ? undefined : part([], signature, { moved: true });
}

// Anchored at the end: a user agent can hold the same text, with its quotes escaped.
const jsonSignature = /,[ \t\r\n]*"sig"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"[ \t\r\n]*\}[ \t\r\n]*$/;
const cpsSignature =
  /,[ \t\r\n]*"sig"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"[ \t\r\n]*\}[ \t\r\n]*\}[ \t\r\n]*$/;
const cpsOpening = /^[ \t\r\n]*\{[ \t\r\n]*"event"[ \t\r\n]*:[ \t\r\n]*(?=\{)/;

function signedPartOfJson(line: string): SignedPart | undefined {
  const atEnd = jsonSignature.exec(line);
  if (atEnd) return part([`${line.slice(0, atEnd.index)}}`], atEnd[1] ?? "");
  const inner = cpsOpening.test(line) ? cpsSignature.exec(line) : null;
  if (inner) {
    const rest = line.slice(0, inner.index);
    return part([`${rest.replace(cpsOpening, "")}}`, `${rest}}}`], inner[1] ?? "");
  }
  return /sig|\\u/.test(line) ? signedPartOfMembers(line) : undefined;
}

/** The signature of a line whose members somebody has sorted or added to. */
function signedPartOfMembers(line: string): SignedPart | undefined {
  // White space that JSON does not know is passed over by who reads the line, but Konnect has signed none.
  const outer = placeJsonMembers(line) ?? placeJsonMembers(trimmed(line));
  if (!outer) return undefined;
  const [event] = outer;
  const wrapped = outer.length === 1 && event?.key === "event" ? event.source : undefined;
  const text = wrapped ?? line;
  const members = wrapped === undefined ? outer : (placeJsonMembers(wrapped) ?? []);
  const fields = new Map(members.map(({ key, text: value }) => [key, value]));
  const pulled = isPullRecord(fields);
  const place = members.findIndex(({ key }) => key === "sig" || (pulled && key === "signature"));
  const member = members[place];
  if (!member) return signedPartOfInner(members);
  const isPlain = text.startsWith(`"${member.key}"`, member.start);
  const again = !isPlain || members.some(({ key }, index) => key === member.key && index !== place);
  const payloads = again ? [] : [cutMember(text, members, place)];
  if (pulled && !again) payloads.push(...linesOfPullRecord(text));
  return part(payloads, member.text, { moved: !pulled, pulled });
}

/** A signature one level down, as in the envelope that a collector has put around the line. */
function signedPartOfInner(members: readonly PlacedMember[]): SignedPart | undefined {
  for (const { source } of members) {
    const inner = source.startsWith("{") ? placeJsonMembers(source) : undefined;
    const member = inner?.find(({ key }) => key === "sig");
    if (member) return part([], member.text, { moved: true });
  }
  return undefined;
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
