import type { AuditEvent } from "../events/event.js";

/** How long Konnect keeps audit logs (its documentation). */
export const retentionMs = 7 * 24 * 60 * 60 * 1000;

/** The events of one webhook that replay and pull can still bring, oldest first. */
export class EventLog {
  #events: AuditEvent[] = [];
  #evicted = 0;

  /** Events that the bound pushed out before their seven days were over. */
  get evicted(): number {
    return this.#evicted;
  }

  get size(): number {
    return this.#events.length;
  }

  /**
   * Appends events, and forgets what is too old or too much.
   *
   * @param bound most events to keep
   */
  append(events: readonly AuditEvent[], now: number, bound: number): void {
    this.#events.push(...events);
    // Shifting one by one would make each call linear in the log; a tenth of slack makes it cheap on the average.
    if (this.#events.length > bound * 1.1) this.#expire(now, bound);
  }

  /** The events between two times of `rt`, both included. */
  between(start: number, end: number, now: number): AuditEvent[] {
    const from = Math.max(start, now - retentionMs);
    return this.#events.filter(({ rt }) => rt >= from && rt <= end);
  }

  /** Every event kept, for a snapshot. */
  all(): readonly AuditEvent[] {
    return this.#events;
  }

  #expire(now: number, bound: number): void {
    const kept = this.#events.filter(({ rt }) => rt >= now - retentionMs);
    const excess = Math.max(0, kept.length - bound);
    this.#evicted += excess;
    this.#events = kept.slice(excess);
  }
}
