import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/core/clock.js";

interface Sleeper {
  until: number;
  wake: () => void;
}

/**
 * A clock that stands still while anybody works, and jumps to the next waking when all sleep: time as a test wants it,
 * to the millisecond. Nothing that it serves may wait for anything else, such as a server.
 */
export function createVirtualClock(start = Date.parse("2026-11-22T12:00:00Z")) {
  let time = start;
  const sleepers = new Set<Sleeper>();
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    sleep(milliseconds, { signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { until: time + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
  };
  return {
    ...clock,
    /** Lets time pass until the work is done. */
    async run<Result>(work: Promise<Result>): Promise<Result> {
      let done = false;
      const settled = () => {
        done = true;
      };
      work.then(settled, settled);
      for (;;) {
        await turn();
        if (done) return work;
        const [next] = [...sleepers].sort((a, b) => a.until - b.until);
        if (!next) throw new Error("The work waits for something that is no time.");
        sleepers.delete(next);
        time = Math.max(time, next.until);
        next.wake();
      }
    },
  };
}

export type VirtualClock = ReturnType<typeof createVirtualClock>;
