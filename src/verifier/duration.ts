import { parseDateTime } from "../core/date-time.js";
import { longestWait, milliseconds } from "../core/duration.js";
import { verifierErrors } from "./errors.js";

/** Milliseconds that something may be old: ten years. */
export const longestAge = 3_650 * 86_400_000;

/** What a duration may be, in milliseconds. */
export interface DurationRange {
  /** @default 1 */
  least?: number | undefined;
  /** @default seven days */
  most?: number | undefined;
}

/**
 * Reads a duration, such as `500ms`, `90s`, `2m` or `6h`.
 *
 * @param options.name what the message calls it besides its text @default nothing
 * @returns milliseconds
 * @throws VerifierError `VERIFY_DURATION_MALFORMED`, `VERIFY_DURATION_OUT_OF_RANGE`
 */
export function parseDuration(
  text: string,
  { name, ...range }: DurationRange & { name?: string | undefined } = {},
): number {
  const duration = milliseconds(text);
  const called = [...(name === undefined ? [] : [name]), JSON.stringify(text)].join(" ");
  if (duration === undefined) throw verifierErrors.durationMalformed(called);
  return checkDuration(called, duration, range);
}

/**
 * Checks a duration: how long to wait, or how old something may be.
 *
 * @param name what the message calls it
 * @param duration milliseconds
 * @throws VerifierError `VERIFY_DURATION_OUT_OF_RANGE`
 */
export function checkDuration(
  name: string,
  duration: number,
  { least = 1, most = longestWait }: DurationRange = {},
): number {
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
