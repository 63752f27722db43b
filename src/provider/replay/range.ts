import { parseDateTime } from "../../core/date-time.js";
import type { ReplayJob } from "../../konnect/wire.js";
import { isUnknown, type Unknown } from "../../terraform/index.js";
import { providerErrors } from "../errors.js";

/** Konnect keeps events for seven days. */
const retention = 7 * 24 * 3_600_000;
/** How far our clock may be behind that of whoever wrote `end_at`. */
const clockSkew = 5 * 60_000;

type PossibleTime = string | null | Unknown;

/** A stretch of time, RFC 3339, as far as it is known. */
export interface PossibleRange {
  start_at: PossibleTime;
  end_at: PossibleTime;
}

/** Values of `status` after which nothing changes any more; `unknown` is our own. */
const ended = new Set<string | null>(["completed", "failed", "unknown"]);

/** Says whether a job with this status is over. */
export function hasEnded(status: string | null): boolean {
  return ended.has(status);
}

/** Says whether Konnect's job is one that has not ended. */
export function isUnderWay({ status }: ReplayJob): boolean {
  return status !== "unconfigured" && !hasEnded(status);
}

/** Says whether a job is of this range, however the times are written; an unknown time is another one. */
export function isOfRange(job: PossibleRange, range: PossibleRange): boolean {
  const same = (a: PossibleTime, b: PossibleTime) => {
    const time = timeOf(a);
    return time !== undefined && time === timeOf(b);
  };
  return same(job.start_at, range.start_at) && same(job.end_at, range.end_at);
}

/** For messages: `2026-11-20T08:00:00Z to 2026-11-20T10:30:00Z`. */
export function describeRange({ start_at, end_at }: Pick<ReplayJob, "start_at" | "end_at">) {
  return `${start_at ?? "?"} to ${end_at ?? "?"}`;
}

/**
 * Checks that Konnect can replay a range; unknown times pass.
 *
 * @param now milliseconds since the epoch
 * @throws DiagnosticError
 */
export function checkRange(range: PossibleRange, now: number): void {
  const start = timeOf(range.start_at);
  const end = timeOf(range.end_at);
  if (start !== undefined && start < now - retention) {
    throw providerErrors.replayRange(
      "start_at",
      `is more than 7 days ago, and Konnect keeps events no longer: the earliest time is ${new Date(now - retention).toISOString()}`,
    );
  }
  if (end !== undefined && end > now + clockSkew) {
    throw providerErrors.replayRange("end_at", "is in the future");
  }
  if (start !== undefined && end !== undefined && start >= end) {
    throw providerErrors.replayRange("end_at", "must be after start_at");
  }
}

function timeOf(value: PossibleTime): number | undefined {
  return typeof value === "string" && !isUnknown(value) ? parseDateTime(value) : undefined;
}
