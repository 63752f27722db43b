import { createReadStream } from "node:fs";
import type { SignatureVerdict } from "../events/signature.js";
import { receiverErrors, systemCode } from "./errors.js";
import type { KeyRing } from "./key-ring.js";
import { type ReceivedEvent, receivedEvent, receivedEventSchema } from "./received-event.js";

/** A line of a file, and what is known of the event in it. */
export interface StoredLine {
  /** From 1. */
  number: number;
  received: ReceivedEvent;
}

/** How many lines are verified with one look at the keys. */
const batchSize = 1_000;

/**
 * Reads stored events and verifies them anew: raw lines as Konnect delivers them, or what `listen` has written.
 *
 * @param now what raw lines get as the time of their receipt, in milliseconds since the epoch
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
 */
export async function* readStoredLines(
  path: string,
  keys: KeyRing,
  now: number,
): AsyncGenerator<StoredLine> {
  let number = 0;
  let batch: Line[] = [];
  for await (const bytes of lines(path)) {
    number += 1;
    if (bytes.length > 0) batch.push({ number, ...unwrap(bytes) });
    if (batch.length < batchSize) continue;
    yield* verified(batch, keys, now);
    batch = [];
  }
  yield* verified(batch, keys, now);
}

interface Line {
  number: number;
  /** The line as Konnect delivered it. */
  raw: Buffer;
  receivedAt: string | undefined;
}

async function* verified(
  batch: readonly Line[],
  keys: KeyRing,
  now: number,
): AsyncGenerator<StoredLine> {
  const verdicts = await keys.verify(batch.map(({ raw }) => raw));
  for (const [index, { number, raw, receivedAt }] of batch.entries()) {
    const verdict: SignatureVerdict = verdicts[index] ?? { outcome: "unsigned" };
    const received = receivedEvent(raw, verdict, receivedAt ? Date.parse(receivedAt) : now);
    yield { number, received };
  }
}

/** What `listen` stored holds the delivered line; everything else is one. */
function unwrap(bytes: Buffer): Pick<Line, "raw" | "receivedAt"> {
  const text = bytes.toString("utf8");
  if (text.startsWith('{"received_at":')) {
    const stored = receivedEventSchema.safeParse(parseJson(text));
    if (stored.success) {
      const { raw, raw_base64: base64, received_at: receivedAt } = stored.data;
      return { raw: base64 ? Buffer.from(base64, "base64") : Buffer.from(raw), receivedAt };
    }
  }
  return { raw: bytes, receivedAt: undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of a file as bytes: a signature is over bytes, and not every line is UTF-8. */
async function* lines(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      for (let end = text.indexOf(0x0a); end >= 0; end = text.indexOf(0x0a)) {
        yield withoutReturn(text.subarray(0, end));
        text = text.subarray(end + 1);
      }
      rest = Buffer.from(text);
    }
  } catch (cause) {
    throw receiverErrors.evidenceFileUnreadable(path, systemCode(cause), cause);
  }
  if (rest.length > 0) yield withoutReturn(rest);
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
