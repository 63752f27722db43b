import { isDeepStrictEqual } from "node:util";
import { parseJson } from "../core/json.js";
import type { SignatureVerdict } from "../events/signature.js";
import { receiverErrors } from "./errors.js";
import { type EventFileOptions, readEventFile } from "./event-file.js";
import type { KeyRing } from "./key-ring.js";
import { EndlessLineError, type RawLine, readLines } from "./line-reader.js";
import { type ReceivedEvent, receivedEvent, receivedEventSchema } from "./received-event.js";
import { type ChainCheck, readSeal } from "./store-chain.js";

/** A line of a file, and what is known of the event in it. */
export type StoredLine =
  | {
      /** From 1. */
      number: number;
      received: ReceivedEvent;
      verdict: SignatureVerdict;
      /** The members that `listen` has stored and that differ from what the delivered line says. */
      altered: readonly string[];
    }
  | {
      number: number;
      received: undefined;
      /** `cut off`: a stored line that a crash has left, never acknowledged. */
      skipped: "cut off" | "too long";
    };

export interface StoredLinesOptions extends EventFileOptions {
  keys: KeyRing;
  /** What raw lines get as the time of their receipt, in milliseconds since the epoch. */
  now: number;
  /** Follows the chain of what `listen` has stored. */
  chain?: ChainCheck | undefined;
  /** The beginning of a line's name in the chain's findings. @default "line " */
  place?: string | undefined;
}

/** How many lines are verified with one look at the keys, and how many bytes at most. */
const batchSize = 1_000;
const batchBytes = 8 * 1024 * 1024;

/**
 * Reads stored events and verifies them anew: raw lines as Konnect delivers them, or what `listen` has written. Blank lines
 * are passed over.
 *
 * @param path `-` stands for `options.stdin`
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
 */
export async function* readStoredLines(
  path: string,
  options: StoredLinesOptions,
): AsyncGenerator<StoredLine> {
  let batch: Line[] = [];
  let bytes = 0;
  try {
    for await (const raw of readLines(readEventFile(path, options))) {
      if (isBlank(raw)) continue;
      const line = unwrap(raw);
      noteInChain(raw, line, options);
      batch.push(line);
      bytes += raw.bytes.length;
      if (batch.length < batchSize && bytes < batchBytes) continue;
      yield* verified(batch, options);
      batch = [];
      bytes = 0;
    }
  } catch (error) {
    if (!(error instanceof EndlessLineError)) throw error;
    throw receiverErrors.evidenceFileUnreadable(path, error.message, error);
  }
  yield* verified(batch, options);
}

interface Line {
  number: number;
  skipped?: "cut off" | "too long";
  /** The line as Konnect delivered it. */
  raw: Buffer;
  stored: ReceivedEvent | undefined;
  /** True if the stored line is in a chain. */
  sealed: boolean;
}

async function* verified(
  batch: readonly Line[],
  { keys, now }: StoredLinesOptions,
): AsyncGenerator<StoredLine> {
  const verdicts = await keys.verify(batch.map(({ raw }) => raw));
  for (const [index, { number, raw, stored, sealed, skipped }] of batch.entries()) {
    if (skipped) {
      yield { number, received: undefined, skipped };
      continue;
    }
    const verdict: SignatureVerdict = verdicts[index]?.verdict ?? { outcome: "unsigned" };
    const receivedAt = stored ? Date.parse(stored.received_at) : now;
    const received = receivedEvent(raw, verdict, Number.isNaN(receivedAt) ? now : receivedAt);
    const altered = stored ? differences(stored, received, sealed) : [];
    yield { number, received, verdict, altered };
  }
}

/** What every stored line begins with. */
export const storedBeginning = '{"received_at":"';

/** What `listen` stored holds the delivered line; everything else is one. */
function unwrap({ number, bytes, tooLong }: RawLine): Line {
  const line = { number, raw: bytes, stored: undefined, sealed: false };
  if (tooLong !== undefined) return { ...line, skipped: "too long" };
  const beginning = bytes.subarray(0, storedBeginning.length).toString("latin1");
  if (!storedBeginning.startsWith(beginning)) return line;
  const text = bytes.toString("utf8");
  const stored = receivedEventSchema.safeParse(parseJson(text));
  if (!stored.success) return parseJson(text) ? line : { ...line, skipped: "cut off" };
  const { raw, raw_base64: base64 } = stored.data;
  const delivered = base64 ? Buffer.from(base64, "base64") : Buffer.from(raw);
  return { number, raw: delivered, stored: stored.data, sealed: readSeal(text) !== undefined };
}

function noteInChain(
  { bytes, number }: RawLine,
  { stored, skipped }: Line,
  { chain, place = "line " }: StoredLinesOptions,
): void {
  // A line that is no stored one is none of the chain's until the chain has begun.
  if (skipped || (!stored && !chain?.end)) return;
  chain?.add(bytes.toString("utf8"), `${place}${number}`);
}

/** Only white space, or nothing. */
function isBlank({ bytes, tooLong }: RawLine): boolean {
  return tooLong === undefined && bytes.every((byte) => byte === 0x20 || (byte >= 9 && byte <= 13));
}

const derived = ["event", "format", "kind", "probe_id", "raw", "raw_base64"] as const;

/**
 * The members of a stored line that the delivered line in it contradicts.
 *
 * An older version read lines in CEF a little otherwise: of a line without a seal, only what does not stand in the delivered
 * line counts.
 */
function differences(stored: ReceivedEvent, read: ReceivedEvent, sealed: boolean): string[] {
  const members: string[] = derived.filter((name) => !isDeepStrictEqual(stored[name], read[name]));
  if (sealed || read.format !== "cef" || !stored.event || !read.event) return members;
  const explained = isReadOtherwise(stored.event, read);
  return members.filter((name) => name !== "event" || !explained);
}

type Fields = Readonly<Record<string, string>>;

function isReadOtherwise(stored: Fields, { event, raw }: ReceivedEvent): boolean {
  const read: Fields = event ?? {};
  const header = raw.slice(0, raw.indexOf("rt=") + 1);
  const stands = ([name, value]: readonly [string, string]) =>
    read[name] === value || raw.includes(`${name}=${value}`) || header.includes(value);
  const all = Object.values(stored).join("\n");
  const missing = Object.keys(read).filter((name) => stored[name] === undefined);
  return Object.entries(stored).every(stands) && missing.every((name) => all.includes(` ${name}=`));
}
