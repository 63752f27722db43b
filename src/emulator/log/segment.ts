import type { AuditEvent, EventKind } from "../../events/event.js";

/**
 * A run of recorded events with consecutive numbers.
 *
 * They are kept as text in one buffer: outside of the JavaScript heap, and of a size that is known to the byte, which a
 * caller's long user agent would otherwise decide.
 */
export class Segment {
  readonly #text: Buffer;
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  readonly #kinds: EventKind[] = [];

  /**
   * @param first sequence number of its first event
   * @param capacity bytes of text
   */
  constructor(
    readonly first: number,
    capacity: number,
  ) {
    this.#text = Buffer.allocUnsafeSlow(capacity);
  }

  get count(): number {
    return this.#ends.length;
  }

  /** Sequence number of the event that would follow. */
  get next(): number {
    return this.first + this.#ends.length;
  }

  /** Bytes of text in it. */
  get bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }

  get capacity(): number {
    return this.#text.length;
  }

  /** `rt` of its newest event. */
  get newest(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= this.capacity;
  }

  append({ rt, kind }: AuditEvent, text: string): void {
    const start = this.bytes;
    this.#ends.push(start + this.#text.write(text, start));
    this.#times.push(rt);
    this.#kinds.push(kind);
  }

  read(sequence: number): AuditEvent {
    const index = sequence - this.first;
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    return JSON.parse(this.#text.toString("utf8", start, this.#ends[index])) as AuditEvent;
  }

  /** Sequence numbers of the events with `rt` from `from` to `until`, both included. */
  between(from: number, until: number, kind: EventKind | undefined): number[] {
    const found: number[] = [];
    for (const [index, rt] of this.#times.entries()) {
      const fits = rt >= from && rt <= until && (kind ?? this.#kinds[index]) === this.#kinds[index];
      if (fits) found.push(this.first + index);
    }
    return found;
  }
}
