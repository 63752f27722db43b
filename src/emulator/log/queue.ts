/** Numbers of events, from the first to the last of them. */
export interface SequenceRange {
  first: number;
  last: number;
}

/** The events of a webhook that wait for delivery, by sequence number, oldest first. */
export class DeliveryQueue {
  #waiting: number[] = [];
  #taken = 0;

  get length(): number {
    return this.#waiting.length;
  }

  push(sequence: number): void {
    this.#waiting.push(sequence);
  }

  /** Takes a batch from the front; it still waits, and nothing removes it, until it is settled or put back. */
  take(most: number): readonly number[] {
    const batch = this.#waiting.slice(0, most);
    this.#taken = batch.length;
    return batch;
  }

  /** Lets the batch that was taken wait as before. */
  putBack(): void {
    this.#taken = 0;
  }

  /** Removes the batch that was taken, and returns it. */
  settle(): readonly number[] {
    const settled = this.#waiting.splice(0, this.#taken);
    this.#taken = 0;
    return settled;
  }

  /** Whether a batch that is under way has an event in the range. */
  isTaken({ first, last }: SequenceRange): boolean {
    const oldest = this.#waiting[0] ?? 0;
    const newest = this.#waiting[this.#taken - 1] ?? 0;
    return this.#taken > 0 && first <= newest && last >= oldest;
  }

  /** Removes the oldest that wait behind the batch that is under way, and returns them. */
  giveUp(count: number): readonly number[] {
    return this.#waiting.splice(this.#taken, count);
  }

  /** Removes what waits in the range, and returns how much that was. */
  remove({ first, last }: SequenceRange): number {
    const from = this.#indexOf(first);
    return this.#waiting.splice(from, this.#indexOf(last + 1) - from).length;
  }

  /** Whether any event in the range waits. */
  hasAny({ first, last }: SequenceRange): boolean {
    return this.#indexOf(first) < this.#indexOf(last + 1);
  }

  /** Index of the first that is not below `sequence`. */
  #indexOf(sequence: number): number {
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What a batch of ascending numbers spans. */
export function toRange(sequences: readonly number[]): SequenceRange | undefined {
  const [first, last] = [sequences[0], sequences.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
}
