/** Bytes that were taken from a budget. */
export interface Share {
  /** Gives a part back that turned out not to be needed. */
  shrink(bytes: number): void;
  /** Gives all of it back. */
  release(): void;
}

/** What all deliveries together may hold in memory. Those that want more than is left wait, the first come first. */
export class ByteBudget {
  readonly #total: number;
  #left: number;
  readonly #waiting: { bytes: number; admit: () => void }[] = [];

  /** @param total bytes */
  constructor(total: number) {
    this.#total = total;
    this.#left = total;
  }

  /** Takes bytes, at once or when others have given some back; more than there are at all means all of them. */
  async take(bytes: number): Promise<Share> {
    let held = Math.min(bytes, this.#total);
    await new Promise<void>((admit) => {
      this.#waiting.push({ bytes: held, admit });
      this.#admit();
    });
    const giveBack = (some: number) => {
      held -= some;
      this.#left += some;
      this.#admit();
    };
    return {
      shrink: (needed) => giveBack(Math.max(0, held - needed)),
      release: () => giveBack(held),
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#left; next = this.#waiting[0]) {
      this.#left -= next.bytes;
      this.#waiting.shift();
      next.admit();
    }
  }
}
