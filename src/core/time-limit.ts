import { setMaxListeners } from "node:events";
import type { Clock } from "./clock.js";
import { untilAborted } from "./until-aborted.js";

/** The time that a command has for everything that it does. */
export interface TimeLimit {
  /** Aborts when the time is up, or the caller gives up. */
  readonly signal: AbortSignal;
  /** True if the time is up. */
  readonly passed: boolean;
  /** Milliseconds that are left; 0 when the time is up. */
  remaining(): number;
  /**
   * Waits for work, but no longer than the limit: work that does not heed the signal is left behind.
   *
   * @throws the signal's reason when the time is up or the caller gives up first
   */
  bound<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets go of timer and caller. */
  clear(): void;
}

/**
 * Starts a time limit, by the monotonic clock.
 *
 * @param milliseconds from now
 * @param caller aborts when the user stops the command
 */
export function startTimeLimit(
  clock: Clock,
  milliseconds: number,
  caller?: AbortSignal | undefined,
): TimeLimit {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal); // one a region and call is no leak
  const end = clock.monotonic() + milliseconds;
  let passed = false;
  const cleared = new AbortController();
  const timeIsUp = () => {
    passed = true;
    controller.abort(new DOMException("the time is up", "TimeoutError"));
  };
  const giveUp = () => controller.abort(caller?.reason);
  if (caller?.aborted) giveUp();
  caller?.addEventListener("abort", giveUp);
  clock.sleep(milliseconds, { signal: cleared.signal }).then(timeIsUp, () => {});
  return {
    signal,
    get passed() {
      return passed;
    },
    remaining: () => Math.max(0, end - clock.monotonic()),
    bound: (work) => untilAborted(signal, work),
    clear() {
      cleared.abort();
      caller?.removeEventListener("abort", giveUp);
    },
  };
}
