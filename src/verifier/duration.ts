import { parseDateTime } from "../core/date-time.js";
import { milliseconds } from "../core/duration.js";
import { verifierErrors } from "./errors.js";

/**
 * Reads a duration such as `500ms`, `90s`, `2m`, `6h` or `1d`.
 *
 * @returns milliseconds
 * @throws VerifierError `VERIFY_DURATION_MALFORMED`
 */
export function parseDuration(text: string): number {
  const duration = milliseconds(text);
  if (duration === undefined) throw verifierErrors.durationMalformed(text);
  return duration;
}

/** A duration in milliseconds for people: `0.8 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(duration: number): string {
  const seconds = duration / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest > 0 ? ` ${rest} s` : ""}`;
}

/**
 * Reads a time: RFC 3339 with a zone, or how long ago it was.
 *
 * @param now milliseconds since the epoch
 * @throws VerifierError `REPLAY_TIME_MALFORMED`
 */
export function parseTime(text: string, now: number): number {
  const time = parseDateTime(text);
  if (time !== undefined) return time;
  try {
    return now - parseDuration(text);
  } catch {
    throw verifierErrors.replayTimeMalformed(text);
  }
}
