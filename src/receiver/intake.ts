import type { Clock } from "../core/clock.js";
import { type BodyLimits, decodeBody, splitBatch } from "../events/batch.js";
import type { SignatureVerdict } from "../events/signature.js";
import { signedIdentity } from "../events/signed-part.js";
import type { KeyRing } from "./key-ring.js";
import { type ReceivedEvent, receivedEvent } from "./received-event.js";

export interface IntakeOptions {
  keys: KeyRing;
  clock: Clock;
  limits: BodyLimits;
  /** Keeps events; a delivery is acknowledged only after it resolved. */
  store: (events: readonly ReceivedEvent[]) => Promise<void>;
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

/**
 * Turns deliveries into stored events.
 *
 * Konnect delivers at least once: repeated batches and replay jobs bring lines again. A signed line is the same line
 * when what is signed and its signature are, however it is spelt; unsigned ones are all handed on, since nothing tells a repetition from a second event.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #stored = new Set<string>();
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
  }

  /**
   * Takes one delivery in; resolves when all of its events are stored.
   *
   * @throws EventError for a body that can't be decoded, and what `store` throws
   */
  async accept(body: Uint8Array, contentEncoding: string | undefined): Promise<void> {
    const { keys, limits } = this.#options;
    const lines = splitBatch(await decodeBody(body, { contentEncoding, limits }));
    const verdicts = await keys.verify(lines);
    this.counters.deliveries += 1;
    await this.#storeNew(lines, verdicts);
  }

  async #storeNew(lines: readonly Buffer[], verdicts: readonly SignatureVerdict[]): Promise<void> {
    const { clock, store } = this.#options;
    const events: ReceivedEvent[] = [];
    const fresh = new Set<string>();
    const elsewhere = new Set<Promise<void>>();
    for (const [index, line] of lines.entries()) {
      const verdict = verdicts[index] ?? { outcome: "unsigned" };
      const id = verdict.outcome === "unsigned" ? undefined : signedIdentity(line);
      const storing = id && this.#inFlight.get(id);
      if (storing) elsewhere.add(storing);
      if (id && (storing || this.#stored.has(id) || fresh.has(id))) {
        this.counters.duplicates += 1;
        continue;
      }
      if (id) fresh.add(id);
      events.push(receivedEvent(line, verdict, clock.now()));
    }
    const storing = events.length > 0 ? store(events) : Promise.resolve();
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
