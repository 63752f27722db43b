import { parseDateTime } from "../core/date-time.js";
import { milliseconds } from "../core/duration.js";
import { verifierErrors } from "./errors.js";

/** Milliseconds that a command may wait at most, seven days: Node's timers take no more than 24. */
const longestWait = 7 * 86_400_000;

/** Milliseconds that something may be old: ten years. */
export const longestAge = 3_650 * 86_400_000;

/**
 * Reads how long to wait, such as `500ms`, `90s`, `2m` or `6h`.
 *
 * @returns milliseconds
 * @throws VerifierError `VERIFY_DURATION_MALFORMED`; `VERIFY_DURATION_OUT_OF_RANGE` for none at all and for more than seven days
 */
export function parseDuration(text: string): number {
  const duration = milliseconds(text);
  if (duration === undefined) throw verifierErrors.durationMalformed(text);
  return checkWait(JSON.stringify(text), duration);
}

/**
 * Reads how old something may be, such as `6h` or `2d`.
 *
 * @returns milliseconds
 * @throws VerifierError as {@link parseDuration}; the longest age is ten years
 */
export function parseAge(text: string): number {
  const duration = milliseconds(text);
  if (duration === undefined) throw verifierErrors.durationMalformed(text);
  return checkWait(JSON.stringify(text), duration, 1, longestAge);
}

/**
 * Checks how long to wait.
 *
 * @param name what the message calls it
 * @param duration milliseconds
 * @param least milliseconds @default 1
 * @param most milliseconds @default seven days
 * @throws VerifierError `VERIFY_DURATION_OUT_OF_RANGE`
 */
export function checkWait(name: string, duration: number, least = 1, most = longestWait): number {
  // Not a number compares as false, so that it is refused as well.
  if (duration >= least && duration <= most) return duration;
  throw verifierErrors.durationOutOfRange(name, least, most);
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

/** An age for people, in one unit: `12 s`, `5 min`, `7 h`, `31 d`. @param age milliseconds */
export function formatAge(age: number): string {
  const seconds = Math.round(age / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
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
  const ago = milliseconds(text);
  if (!ago || !Number.isFinite(ago)) throw verifierErrors.replayTimeMalformed(text);
  return now - ago;
}
