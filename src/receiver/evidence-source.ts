import { type FileHandle, open } from "node:fs/promises";
import { type Dispatcher, request } from "undici";
import * as z from "zod";
import { receiverErrors, systemCode } from "./errors.js";
import { EvidenceIndex } from "./evidence-index.js";
import { evidencePath } from "./evidence-route.js";
import type { IntakeCounters } from "./intake.js";
import { type ReceivedEvent, receivedEventSchema } from "./received-event.js";
import type { Receiver } from "./server.js";

/** What a receiver knows of a probe. */
export interface Evidence {
  events: readonly ReceivedEvent[];
  /** Why signatures may be unverifiable. */
  keyProblems: readonly string[];
  /** What the receiver has seen since it was started; a file does not tell. */
  counters?: Readonly<IntakeCounters> | undefined;
}

/** Asks a receiver what it knows of a probe; asked again and again until the events are there. */
export type EvidenceSource = (
  probeId: string,
  options?: { signal?: AbortSignal | undefined },
) => Promise<Evidence>;

export interface EvidenceSourceOptions {
  /** The receiver's authorization; one on another machine asks for it. */
  authorization?: string | undefined;
  dispatcher?: Dispatcher | undefined;
}

/**
 * Opens the evidence at an address as users write it: `http://…` of a running `listen`, or the file that it stores in.
 *
 * @throws ReceiverError (from the source)
 */
export function openEvidence(address: string, options: EvidenceSourceOptions = {}): EvidenceSource {
  return /^https?:\/\//i.test(address) ? httpEvidence(address, options) : fileEvidence(address);
}

/** Evidence of a receiver in this process. */
export function receiverEvidence(receiver: Receiver): EvidenceSource {
  return async (probeId) => ({
    events: receiver.evidence(probeId),
    keyProblems: receiver.keyProblems,
    counters: { ...receiver.counters },
  });
}

/** Milliseconds that a receiver may take for its answer. */
const patience = 10_000;

const evidenceAnswer = z.object({
  events: z.array(receivedEventSchema),
  key_problems: z.array(z.string()),
  counters: z.object({
    deliveries: z.number(),
    events: z.number(),
    duplicates: z.number(),
    valid: z.number(),
    invalid: z.number(),
    unsigned: z.number(),
    unverifiable: z.number(),
  }),
});

/** Evidence of a receiver that runs elsewhere; any URL of it will do. */
export function httpEvidence(
  address: string,
  { authorization, dispatcher }: EvidenceSourceOptions = {},
): EvidenceSource {
  const { origin } = new URL(address);
  return async (probeId, { signal } = {}) => {
    const ask = async () => {
      const answer = await request(`${origin}${evidencePath}${encodeURIComponent(probeId)}`, {
        headers: authorization ? { authorization } : {},
        headersTimeout: patience,
        bodyTimeout: patience,
        ...(signal ? { signal } : {}),
        ...(dispatcher ? { dispatcher } : {}),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    };
    const { status, text } = await ask().catch((cause) => {
      signal?.throwIfAborted();
      throw receiverErrors.evidenceUnreachable(origin, cause);
    });
    const read = status === 200 ? evidenceAnswer.safeParse(parseJson(text)) : undefined;
    if (!read?.success) throw receiverErrors.evidenceRefused(origin, status);
    const { events, key_problems: keyProblems, counters } = read.data;
    return { events, keyProblems, counters };
  };
}

/** Evidence in the file that `listen --store` writes; it is read on from where the last question ended. */
export function fileEvidence(path: string): EvidenceSource {
  const index = new EvidenceIndex();
  let position = 0;
  let identity: string | undefined;
  const readOn = async (file: FileHandle) => {
    const { ino, dev, size } = await file.stat();
    const found = `${dev}:${ino}`;
    // The receiver rotated its file, or somebody emptied it: start again at the top.
    if (found !== identity || size < position) position = 0;
    identity = found;
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - position),
      0,
      size - position,
      position,
    );
    const complete = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    for (const line of buffer.subarray(0, complete).toString("utf8").split("\n")) {
      // Only marked lines are of interest; parsing the others would cost far more than looking.
      if (line.includes('"probe_id":"')) addLine(line);
    }
    position += complete;
  };
  const addLine = (line: string) => {
    const event = receivedEventSchema.safeParse(parseJson(line));
    if (!event.success) {
      throw receiverErrors.evidenceFileUnreadable(path, "a line of it is no received event");
    }
    index.add(event.data);
  };
  return async (probeId) => {
    const file = await open(path, "r").catch((cause) => {
      throw receiverErrors.evidenceFileUnreadable(path, systemCode(cause), cause);
    });
    try {
      await readOn(file);
    } finally {
      await file.close();
    }
    return { events: index.find(probeId), keyProblems: [] };
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
