import type { Clock } from "../../src/core/clock.js";

/** A clock whose sleeps end at once, and that remembers how long each would have been. */
export function createFakeClock(start = Date.parse("2026-11-22T12:00:00Z")) {
  let time = start;
  const slept: number[] = [];
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    async sleep(milliseconds, { signal } = {}) {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
  return { ...clock, slept };
}
