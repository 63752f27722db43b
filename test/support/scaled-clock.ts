import { type Clock, systemClock } from "../../src/core/clock.js";

/** A clock that runs faster than the machine's: real servers on loopback live through minutes in a second. */
export function scaledClock(factor: number): Clock {
  const start = systemClock.now();
  return {
    monotonic: () => (performance.now() - origin) * factor,
    now: () => start + (performance.now() - origin) * factor,
    sleep: (milliseconds, options) => systemClock.sleep(milliseconds / factor, options),
  };
}

const origin = performance.now();
