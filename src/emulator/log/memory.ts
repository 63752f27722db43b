/** Something that holds recorded events, and can give up some. */
export interface EventHolder {
  /** Bytes of the text of its events. */
  readonly bytes: number;
  /** @returns whether there was anything that it could give up */
  giveUpOldest(): boolean;
}

/**
 * One bound for the events of all webhooks together: regions, Dev Portals, and what waits for replay.
 *
 * The webhook that holds the most gives up its oldest events, so that a busy one never costs a quiet one its events.
 */
export class EventMemory {
  readonly #holders = new Set<EventHolder>();

  /** @param bound most bytes of text */
  constructor(private readonly bound: () => number) {}

  get bytes(): number {
    let bytes = 0;
    for (const holder of this.#holders) bytes += holder.bytes;
    return bytes;
  }

  join(holder: EventHolder): void {
    this.#holders.add(holder);
  }

  /**
   * Makes room for a holder's new events.
   *
   * @returns the bytes that are free then: less than `wanted` when only those who hold less could give up more
   */
  makeRoom(wanted: number, holder: EventHolder): number {
    let free = this.bound() - this.bytes;
    while (free < wanted && this.#giveUpOfLargest(wanted, holder)) free = this.bound() - this.bytes;
    return Math.max(0, free);
  }

  #giveUpOfLargest(wanted: number, holder: EventHolder): boolean {
    const share = holder.bytes + wanted;
    return [...this.#holders]
      .filter((other) => other === holder || other.bytes > share)
      .sort((one, other) => other.bytes - one.bytes)
      .some((largest) => largest.giveUpOldest());
  }
}
