import { setImmediate } from "node:timers/promises";
import type { Clock } from "./clock.js";

/** Gives others their turn if this piece of work has held the event loop for long enough. */
export type Pause = () => Promise<void> | undefined;

/**
 * Divides long work on the event loop, so that it is never blocked for much longer than a slice.
 *
 * Use: `const turn = pause(); if (turn) await turn;`, which costs nothing but a look at the clock within a slice.
 *
 * @param milliseconds of a slice @default 10
 */
export function timeSlices(clock: Clock, milliseconds = 10): Pause {
  let end = clock.monotonic() + milliseconds;
  return () => {
    if (clock.monotonic() < end) return undefined;
    return setImmediate().then(() => {
      end = clock.monotonic() + milliseconds;
    });
  };
}
