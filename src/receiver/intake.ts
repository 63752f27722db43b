import type { Clock } from "../core/clock.js";
import { timeSlices } from "../core/time-slices.js";
import { type BodyLimits, decodeBody, splitBatch } from "../events/batch.js";
import type { VerifiedLine } from "../events/signature.js";
import { signedIdentity } from "../events/signed-part.js";
import { ByteBudget } from "./byte-budget.js";
import type { KeyRing } from "./key-ring.js";
import { type ReceivedEvent, receivedEvent } from "./received-event.js";

export interface IntakeOptions {
  keys: KeyRing;
  clock: Clock;
  limits: BodyLimits;
  /** Decoded bytes that all deliveries together may have in work; others wait for their turn. @default 33554432 */
  bytesInWork?: number | undefined;
  /** Keeps events; a delivery is acknowledged only after it resolved. */
  store: (events: readonly ReceivedEvent[]) => Promise<void>;
  /** Called with each event that is read, while the next ones are being verified: for work that storing would wait for. */
  prepare?: ((event: ReceivedEvent) => void) | undefined;
  /** How many lines are remembered to tell duplicates. @default 100000 */
  remembered?: number | undefined;
}

/** What a receiver has seen since it was started. */
export interface IntakeCounters {
  deliveries: number;
  events: number;
  /** Lines that had come before, and were not handed on again. */
  duplicates: number;
  valid: number;
  invalid: number;
  unsigned: number;
  unverifiable: number;
}

/** A line, verified and read. */
interface ReadLine {
  /** What tells it from others; unsigned lines have none. */
  id: string | undefined;
  event: ReceivedEvent;
}

const unsigned: VerifiedLine = { verdict: { outcome: "unsigned" }, signed: undefined };

/** Lines that are verified together, and read when all of them are. */
const sliceLines = 64;

/** Slices that are being verified at once: enough for all threads while the ones before are read. */
const slicesAhead = 6;

/**
 * Turns deliveries into stored events.
 *
 * Konnect delivers at least once: repeated batches and replay jobs bring lines again. A signed line is the same line
 * when what is signed and its signature are, however it is spelt; unsigned ones are all handed on, since nothing tells a repetition from a second event.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #stored = new Set<string>();
  readonly #budget: ByteBudget;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly counters: IntakeCounters = {
    deliveries: 0,
    events: 0,
    duplicates: 0,
    valid: 0,
    invalid: 0,
    unsigned: 0,
    unverifiable: 0,
  };

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#budget = new ByteBudget(options.bytesInWork ?? 32 * 1024 * 1024);
  }

  /**
   * Takes one delivery in; resolves when all of its events are stored.
   *
   * @throws EventError for a body that can't be decoded or is too large, and what `store` throws
   */
  async accept(body: Uint8Array, contentEncoding: string | undefined): Promise<void> {
    const { limits } = this.#options;
    const share = await this.#budget.take(limits.decoded);
    try {
      const decoded = await decodeBody(body, { contentEncoding, limits });
      share.shrink(decoded.byteLength);
      const lines = await this.#read(splitBatch(decoded, limits));
      this.counters.deliveries += 1;
      await this.#storeNew(lines);
    } finally {
      share.release();
    }
  }

  /** Verifies and reads lines, a slice of them in the thread pool while the one before is read. */
  async #read(lines: readonly Buffer[]): Promise<ReadLine[]> {
    const { keys, clock, prepare } = this.#options;
    const pause = timeSlices(clock);
    const read: ReadLine[] = [];
    const verifying: Promise<VerifiedLine[]>[] = [];
    const verifyNext = (start: number) => {
      if (start >= lines.length) return;
      const verified = keys.verify(lines.slice(start, start + sliceLines));
      // Whatever fails before this one is waited for, it must not fail unseen.
      verified.catch(() => undefined);
      verifying.push(verified);
    };
    for (let slice = 0; slice < slicesAhead; slice++) verifyNext(slice * sliceLines);
    for (let start = 0; start < lines.length; start += sliceLines) {
      const slice = lines.slice(start, start + sliceLines);
      const verdicts = (await verifying.shift()) ?? [];
      verifyNext(start + slicesAhead * sliceLines);
      for (const [index, line] of slice.entries()) {
        const turn = pause();
        if (turn) await turn;
        const { signed, verdict } = verdicts[index] ?? unsigned;
        const event = receivedEvent(line, verdict, clock.now());
        prepare?.(event);
        read.push({ id: signed && signedIdentity(signed, line), event });
      }
    }
    return read;
  }

  async #storeNew(lines: readonly ReadLine[]): Promise<void> {
    const events: ReceivedEvent[] = [];
    const fresh = new Set<string>();
    const elsewhere = new Set<Promise<void>>();
    for (const { id, event } of lines) {
      const storing = id && this.#inFlight.get(id);
      if (storing) elsewhere.add(storing);
      if (id && (storing || this.#stored.has(id) || fresh.has(id))) {
        this.counters.duplicates += 1;
        continue;
      }
      if (id) fresh.add(id);
      events.push(event);
    }
    const storing = events.length > 0 ? this.#options.store(events) : Promise.resolve();
    for (const id of fresh) this.#inFlight.set(id, storing);
    try {
      await storing;
      this.#remember(fresh);
      this.#count(events);
    } finally {
      for (const id of fresh) this.#inFlight.delete(id);
    }
    // A duplicate of a line that another delivery is storing right now is only safe once that has succeeded.
    await Promise.all(elsewhere);
  }

  #remember(ids: Iterable<string>): void {
    for (const id of ids) this.#stored.add(id);
    for (const oldest of this.#stored) {
      if (this.#stored.size <= (this.#options.remembered ?? 100_000)) return;
      this.#stored.delete(oldest);
    }
  }

  #count(events: readonly ReceivedEvent[]): void {
    this.counters.events += events.length;
    for (const { signature } of events) this.counters[signature] += 1;
  }
}
