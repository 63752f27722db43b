import { setTimeout as delay } from "node:timers/promises";

/** Time as a dependency, so that tests never wait out a real back-off. */
export interface Clock {
  /** Milliseconds since the Unix epoch: for dates, never for durations, since the wall clock may jump. */
  now(): number;
  /** Milliseconds since some fixed moment, which never jump: for durations and deadlines. */
  monotonic(): number;
  /**
   * Resolves after `milliseconds`.
   *
   * @throws the signal's reason when `signal` aborts first.
   */
  sleep(milliseconds: number, options?: { signal?: AbortSignal | undefined }): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(milliseconds, { signal } = {}) {
    signal?.throwIfAborted();
    await delay(milliseconds, undefined, signal ? { signal } : {});
  },
};
