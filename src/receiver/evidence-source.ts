import { type Dispatcher, request } from "undici";
import * as z from "zod";
import { parseJson } from "../core/json.js";
import { receiverErrors } from "./errors.js";
import { EvidenceIndex } from "./evidence-index.js";
import { evidencePath } from "./evidence-route.js";
import type { IntakeCounters } from "./intake.js";
import { type ReceivedEvent, receivedEventSchema } from "./received-event.js";
import type { Receiver } from "./server.js";
import { type FollowedLine, StoreFollower } from "./store-follower.js";
import { storedBeginning } from "./stored-lines.js";

/** What a receiver knows of a probe. */
export interface Evidence {
  events: readonly ReceivedEvent[];
  /** Why signatures may be unverifiable. */
  keyProblems: readonly string[];
  /** What else is to be known of the evidence: lines of a file that can't be read, for one. */
  notes?: readonly string[] | undefined;
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

/**
 * Evidence in the file that `listen --store` writes; it is read on from where the last question ended, across rotations.
 *
 * Lines that a crash has cut off are passed over and named in {@link Evidence.notes}.
 */
export function fileEvidence(path: string): EvidenceSource {
  const index = new EvidenceIndex();
  const follower = new StoreFollower(path);
  const seen = { stored: 0, others: 0, skipped: 0, firstSkipped: "" };
  const look = async (signal: AbortSignal | undefined) => {
    for await (const line of follower.read({ signal })) {
      const kind = takeLine(line, index);
      if (kind === "stored") seen.stored += 1;
      else if (kind === "other") seen.others += 1;
      else if (kind === "skipped" && seen.skipped++ === 0) {
        seen.firstSkipped = `line ${line.number} of ${line.file}`;
      }
    }
    if (seen.stored === 0 && seen.others > 0) {
      const reason = "none of its lines is one that `listen` has stored";
      throw receiverErrors.evidenceFileUnreadable(path, reason);
    }
  };
  // One question after the other: each goes on where the one before has ended.
  let before: Promise<unknown> = Promise.resolve();
  return async (probeId, { signal } = {}) => {
    const looking = before.then(() => look(signal));
    before = looking.catch(() => undefined);
    await looking;
    const { skipped, firstSkipped } = seen;
    const note = `${skipped} cut-off or overlong ${skipped === 1 ? "line was" : "lines were"} passed over, the first is ${firstSkipped}`;
    return { events: index.find(probeId), keyProblems: [], notes: skipped > 0 ? [note] : [] };
  };
}

function takeLine(
  { bytes, ended, tooLong }: FollowedLine,
  index: EvidenceIndex,
): "stored" | "skipped" | "other" | "blank" {
  if (tooLong !== undefined) return "skipped";
  const beginning = bytes.subarray(0, storedBeginning.length).toString("latin1");
  if (beginning.trim() === "") return "blank";
  if (!storedBeginning.startsWith(beginning)) return "other";
  if (!ended || bytes.at(-1) !== 0x7d) return "skipped";
  // Only marked lines are of interest; parsing the others would cost far more than looking.
  if (!bytes.includes('"probe_id":"')) return "stored";
  const event = receivedEventSchema.safeParse(parseJson(bytes.toString("utf8")));
  if (!event.success) return "skipped";
  index.add(event.data);
  return "stored";
}
