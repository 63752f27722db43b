/**
 * Gives back what a process has borrowed: removes a folder, releases a webhook, closes a store.
 *
 * @param hurry aborts when the time is up; the task then says what is left behind, and ends
 */
export type CleanUpTask = (hurry: AbortSignal) => Promise<void> | void;

/** A clean-up that was registered. */
export interface CleanUp {
  /** Runs the task, once: a second call gets the end of the first. Rejects with what the task throws. */
  run(): Promise<void>;
}

/** What has to be done before a process ends, whatever ends it. */
export class CleanUps {
  readonly #hurry = new AbortController();
  readonly #open = new Set<CleanUp>();

  /**
   * Registers a task, before what it gives back is taken: a signal may come at any time.
   *
   * Whoever registers it runs it, in a `finally`; a process that is told to end runs what is left by itself.
   */
  add(task: CleanUpTask): CleanUp {
    let running: Promise<void> | undefined;
    const cleanUp: CleanUp = {
      run: () => {
        running ??= (async () => task(this.#hurry.signal))().finally(() => {
          this.#open.delete(cleanUp);
        });
        return running;
      },
    };
    this.#open.add(cleanUp);
    return cleanUp;
  }

  /** Runs what has not been run, the last registered first, and waits for all. Never rejects: each task tells its failures. */
  async runAll(): Promise<void> {
    while (this.#open.size > 0) {
      await Promise.allSettled([...this.#open].reverse().map((cleanUp) => cleanUp.run()));
    }
  }

  /** Tells the tasks that the time is up. */
  hurry(): void {
    this.#hurry.abort(new DOMException("the time for cleaning up is over", "TimeoutError"));
  }
}
