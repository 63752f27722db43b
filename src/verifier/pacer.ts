import type { Clock } from "../core/clock.js";

/** Lets callers through in the order in which they come, no more of them a second than it may. */
export type Pacer = (options?: { signal?: AbortSignal | undefined }) => Promise<void>;

/** One call a region and second, for as many regions as Konnect has. */
const callsPerSecond = 7;

/**
 * Bounds how often Konnect is called, however many regions are looked at side by side: each call is itself an audit
 * event of the organisation.
 *
 * @param limit calls within any one second @default 7
 */
export function createPacer(clock: Clock, limit = callsPerSecond): Pacer {
  const turns: number[] = [];
  return async ({ signal } = {}) => {
    const now = clock.monotonic();
    const before = turns.length < limit ? undefined : turns.shift();
    const turn = before === undefined ? now : Math.max(now, before + 1_000);
    turns.push(turn);
    if (turn > now) await clock.sleep(turn - now, { signal });
  };
}
