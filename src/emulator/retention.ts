import type { AuditEvent } from "../events/event.js";

/** How long Konnect keeps audit logs (its documentation). */
export const retentionMs = 7 * 24 * 60 * 60 * 1000;

/** An event with its place among all of its webhook's. */
export interface LoggedEvent {
  sequence: number;
  event: AuditEvent;
}

/** The events of one webhook that replay and pull can still bring, oldest first. */
export class EventLog {
  #events: LoggedEvent[] = [];
  #nextSequence = 0;
  #evicted = 0;

  /** Events that the bound pushed out before their seven days were over. */
  get evicted(): number {
    return this.#evicted;
  }

  get size(): number {
    return this.#events.length;
  }

  /** Sequence number of the event that comes next. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Every event kept. */
  all(): readonly LoggedEvent[] {
    return this.#events;
  }

  /** Puts an event of an earlier run back in its place. */
  restore(logged: LoggedEvent): void {
    this.#events.push(logged);
    this.#nextSequence = logged.sequence + 1;
  }

  restoreEvicted(count: number): void {
    this.#evicted = count;
  }

  /**
   * Appends events, and forgets what is too old or too much.
   *
   * @param bound most events to keep
   */
  append(events: readonly AuditEvent[], now: number, bound: number): void {
    for (const event of events) {
      this.#events.push({ sequence: this.#nextSequence, event });
      this.#nextSequence += 1;
    }
    // Expiring at every call would make each one linear in the log; a tenth of slack makes it cheap on the average.
    if (this.#events.length > bound * 1.1) this.#expire(now, bound);
  }

  /** The events between two times of `rt`, both included, that are not too old. */
  between(start: number, end: number, now: number): LoggedEvent[] {
    const from = Math.max(start, now - retentionMs);
    return this.#events.filter(({ event }) => event.rt >= from && event.rt <= end);
  }

  #expire(now: number, bound: number): void {
    const kept = this.#events.filter(({ event }) => event.rt >= now - retentionMs);
    const excess = Math.max(0, kept.length - bound);
    this.#evicted += excess;
    this.#events = kept.slice(excess);
  }
}
