import { InvalidArgumentError } from "commander";
import { milliseconds } from "../core/duration.js";

const day = 86_400_000;

/**
 * Reads the time that a command may take: `30s`, `10m`, `1h`.
 *
 * @returns milliseconds
 * @throws InvalidArgumentError for anything but a duration from 100 ms to one day
 */
export function commandTimeout(text: string): number {
  const duration = milliseconds(text);
  if (duration !== undefined && duration >= 100 && duration <= day) return duration;
  throw new InvalidArgumentError("It must be a duration from 100ms to 1d, such as 90s or 10m.");
}
