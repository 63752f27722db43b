import { parseDateTime } from "../../core/date-time.js";
import { beginsBeforeRetention, checkReplayRange, isJobOfRange } from "../../konnect/replay-job.js";
import { type DiagnosticSink, isUnknown, type Unknown } from "../../terraform/index.js";
import { providerErrors } from "../errors.js";

type PossibleTime = string | null | Unknown;

/** A stretch of time, RFC 3339, as far as it is known. */
export interface PossibleRange {
  start_at: PossibleTime;
  end_at: PossibleTime;
}

/** True if a job is of this range, however the times are written; an unknown time is another one. */
export function isOfRange(job: PossibleRange, range: PossibleRange): boolean {
  const { start_at: start, end_at: end } = range;
  if (typeof start !== "string" || typeof end !== "string") return false;
  if (isUnknown(job.start_at) || isUnknown(job.end_at)) return false;
  return isJobOfRange(
    { start_at: job.start_at, end_at: job.end_at },
    { start_at: start, end_at: end },
  );
}

/**
 * Checks a range before Konnect is asked; unknown times pass. One that begins before what Konnect documents to keep is a
 * warning: that is Konnect's to judge.
 *
 * @param now milliseconds since the epoch
 * @throws DiagnosticError
 */
export function checkRange(range: PossibleRange, now: number, diagnostics?: DiagnosticSink): void {
  const start = timeOf(range.start_at);
  const problem = checkReplayRange({ start, end: timeOf(range.end_at) }, now, "start_at");
  if (problem) throw providerErrors.replayRange(`${problem.part}_at`, problem.reason);
  if (!diagnostics || !beginsBeforeRetention(start, now)) return;
  diagnostics.warn(
    "The replay job begins over 7 days ago",
    "Konnect documents that it keeps events for 7 days. It may refuse the job, or deliver only the events that it still has.",
    ["start_at"],
  );
}

function timeOf(value: PossibleTime): number | undefined {
  return typeof value === "string" && !isUnknown(value) ? parseDateTime(value) : undefined;
}
