import type { Clock } from "../konnect/clock.js";

/** Lets callers through one after another, with a least interval between them. */
export type Pacer = (options?: { signal?: AbortSignal | undefined }) => Promise<void>;

/**
 * Bounds how often Konnect is called, however many regions are verified side by side: each call is itself an audit
 * event of the organisation.
 *
 * @param interval milliseconds between two calls
 */
export function createPacer(clock: Clock, interval: number): Pacer {
  let next = Number.NEGATIVE_INFINITY;
  return async ({ signal } = {}) => {
    const now = clock.now();
    const turn = Math.max(now, next);
    next = turn + interval;
    if (turn > now) await clock.sleep(turn - now, { signal });
  };
}
