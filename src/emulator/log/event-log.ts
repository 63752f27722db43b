import type { AuditEvent, EventKind } from "../../events/event.js";
import { DeliveryQueue, type SequenceRange } from "./queue.js";
import { Segment } from "./segment.js";

/** How long Konnect keeps audit logs (its documentation). */
export const retentionMs = 7 * 24 * 60 * 60 * 1000;

const smallestSegment = 4 * 1024;
const largestSegment = 256 * 1024;

/** Events that had to go before their seven days were over. */
export interface GivenUp {
  range: SequenceRange;
  events: number;
  /** How many of them still waited for delivery. */
  waiting: number;
}

/**
 * The events of one webhook that replay and pull can still bring, oldest first, and which of them wait for delivery.
 *
 * Whatever bound is reached, the oldest go first; only a batch that is under way stays.
 */
export class EventLog {
  readonly queue = new DeliveryQueue();
  #segments: Segment[] = [];
  #nextSequence = 0;
  #size = 0;
  #bytes = 0;

  /** How many events it holds. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of their text. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sequence number of the event that comes next. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /**
   * Appends an event.
   *
   * @param text its JSON
   * @param bytes of the text in UTF-8
   * @param bound most events that the log is to hold: it decides how many are given up at once
   * @returns its sequence number
   */
  append(event: AuditEvent, text: string, bytes: number, bound: number): number {
    this.#segmentFor(bytes, bound).append(event, text);
    this.#size += 1;
    this.#bytes += bytes;
    this.#nextSequence += 1;
    return this.#nextSequence - 1;
  }

  /** Puts an event of an earlier run back in its place; what is beyond the bound goes with the next that is appended. */
  restore(sequence: number, event: AuditEvent, bound: number): void {
    const text = JSON.stringify(event);
    this.#nextSequence = sequence;
    this.append(event, text, Buffer.byteLength(text), bound);
  }

  /** @returns `undefined` when it is not here any more */
  read(sequence: number): AuditEvent | undefined {
    const segment = this.#segments.findLast(({ first }) => first <= sequence);
    return segment && sequence < segment.next ? segment.read(sequence) : undefined;
  }

  /** Every event with its sequence number. */
  *entries(): Generator<[sequence: number, event: AuditEvent]> {
    for (const segment of this.#segments) {
      for (let sequence = segment.first; sequence < segment.next; sequence++) {
        yield [sequence, segment.read(sequence)];
      }
    }
  }

  /** Sequence numbers of the events between two times of `rt`, both included, that are not too old. */
  between(from: number, until: number, now: number, kind?: EventKind): number[] {
    const oldest = Math.max(from, now - retentionMs);
    return this.#segments.flatMap((segment) => segment.between(oldest, until, kind));
  }

  /** Forgets what is older than Konnect keeps anything, unless it still waits. */
  expire(now: number): void {
    for (;;) {
      const [oldest] = this.#segments;
      if (!oldest || oldest.newest >= now - retentionMs) return;
      if (this.queue.hasAny(rangeOf(oldest))) return;
      this.#drop(0);
    }
  }

  /** Gives up a run of the oldest events; `undefined` when all of them are under way. */
  giveUpOldest(): GivenUp | undefined {
    const index = this.#segments.findIndex((segment) => !this.queue.isTaken(rangeOf(segment)));
    return index < 0 ? undefined : this.#drop(index);
  }

  #drop(index: number): GivenUp | undefined {
    const [segment] = this.#segments.splice(index, 1);
    if (!segment) return undefined;
    this.#size -= segment.count;
    this.#bytes -= segment.bytes;
    const range = rangeOf(segment);
    return { range, events: segment.count, waiting: this.queue.remove(range) };
  }

  #segmentFor(bytes: number, bound: number): Segment {
    const last = this.#segments.at(-1);
    const isNext = last?.next === this.#nextSequence;
    if (last && isNext && last.hasRoom(bytes) && last.count < bound / 10) return last;
    // Quiet webhooks are many and stay small; for busy ones, few large pieces are cheaper than many small ones.
    const grown = Math.min(Math.max(smallestSegment, (last?.capacity ?? 0) * 2), largestSegment);
    const segment = new Segment(this.#nextSequence, Math.max(grown, bytes));
    this.#segments.push(segment);
    return segment;
  }
}

function rangeOf({ first, next }: Segment): SequenceRange {
  return { first, last: next - 1 };
}
