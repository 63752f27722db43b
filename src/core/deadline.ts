import { setMaxListeners } from "node:events";

/** Ends one try of a call: when its time is up, or when the caller gives up. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True if its time is up. */
  readonly passed: boolean;
  /** Lets go of timer and caller; to be called when the try has ended, well or not. */
  clear(): void;
}

/**
 * Starts a deadline. `AbortSignal.timeout` and `AbortSignal.any` would do, but leave a timer and an entry in the
 * caller's signal behind for each call, and cost three times as much.
 *
 * @param milliseconds from now
 * @param caller aborted when the caller gives up
 */
export function startDeadline(milliseconds: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort(new DOMException("the time is up", "TimeoutError"));
  }, milliseconds);
  timer.unref();
  const giveUp = () => controller.abort(caller?.reason);
  if (caller?.aborted) giveUp();
  if (caller) setMaxListeners(0, caller); // dozens of calls at once are no leak
  caller?.addEventListener("abort", giveUp);
  return {
    signal: controller.signal,
    get passed() {
      return passed;
    },
    clear() {
      clearTimeout(timer);
      caller?.removeEventListener("abort", giveUp);
    },
  };
}
