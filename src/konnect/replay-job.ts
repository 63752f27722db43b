import { parseDateTime } from "../core/date-time.js";
import { KonnectError } from "./errors.js";
import { isOutcomeUnknown } from "./unknown-outcome.js";
import type { ReplayRange, WebhookApi } from "./webhook-api.js";
import type { ReplayJob } from "./wire.js";

/** How long Konnect documents to keep events; its own judgement counts, since that is to grow. Milliseconds. */
export const documentedRetention = 7 * 24 * 3_600_000;

/** How far our clock may be behind that of whoever wrote the end of a range. Milliseconds. */
const clockSkew = 5 * 60_000;

/** Nothing that Konnect could replay is older. */
const earliestStart = Date.parse("2020-01-01T00:00:00Z");

/** What is wrong with a range; `part` is the bound that is to be corrected. */
export interface RangeProblem {
  part: "start" | "end";
  /** Follows the bound's name in a sentence. */
  reason: string;
}

/**
 * Checks a range before Konnect is asked; a bound that is not known passes.
 *
 * @param bounds and now: milliseconds since the epoch
 * @param startName what a message calls the begin
 */
export function checkReplayRange(
  { start, end }: { start: number | undefined; end: number | undefined },
  now: number,
  startName: string,
): RangeProblem | undefined {
  if (start !== undefined && !(start >= earliestStart)) {
    return { part: "start", reason: "is before 2020, and Konnect has no events as old" };
  }
  if (end !== undefined && !(end <= now + clockSkew)) {
    return { part: "end", reason: "is in the future" };
  }
  if (start !== undefined && end !== undefined && start >= end) {
    return { part: "end", reason: `must be after ${startName}` };
  }
  if (start !== undefined && !(start < now + clockSkew)) {
    return { part: "start", reason: "is in the future" };
  }
  return undefined;
}

/**
 * True if a range begins before what Konnect documents to keep: what it still has is its own to judge.
 *
 * @param start and now: milliseconds since the epoch
 */
export function beginsBeforeRetention(start: number | undefined, now: number): boolean {
  return start !== undefined && start < now - documentedRetention;
}

/** Values of `status` after which nothing changes any more; `unknown` is our own. */
const ended = new Set<string | null>(["completed", "failed", "unknown"]);

/** True if a job with this status is over. */
export function hasEnded(status: string | null): boolean {
  return ended.has(status);
}

/** True if Konnect's job is one that has not ended. */
export function isUnderWay({ status }: Pick<ReplayJob, "status">): boolean {
  return status !== "unconfigured" && !hasEnded(status);
}

/** True if a job is of this range, however the times are written. */
export function isJobOfRange(
  job: Pick<ReplayJob, "start_at" | "end_at">,
  range: ReplayRange,
): boolean {
  return isSameInstant(job.start_at, range.start_at) && isSameInstant(job.end_at, range.end_at);
}

function isSameInstant(shown: string | null, asked: string): boolean {
  const time = shown === null ? undefined : parseDateTime(shown);
  const wanted = parseDateTime(asked);
  if (time === undefined || wanted === undefined) return false;
  // Whether Konnect keeps fractions of a second is documented nowhere.
  const isWhole = time % 1_000 === 0;
  return time === wanted || (isWhole && time === wanted - (wanted % 1_000));
}

/** A job's range for messages: `2026-11-20T08:00:00Z to 2026-11-20T10:30:00Z`. */
export function describeRange({
  start_at,
  end_at,
}: Pick<ReplayJob, "start_at" | "end_at">): string {
  return `${start_at ?? "?"} to ${end_at ?? "?"}`;
}

/** What came of the attempt to start a job. */
export type ReplayStart =
  /** Ours: Konnect answered that it has started, or shows it although the answer was lost. */
  | { kind: "started"; job: ReplayJob }
  /** One of the same range is under way, of an interrupted run or of somebody else; `asked`: Konnect refused ours for it. */
  | { kind: "joined"; job: ReplayJob; asked: boolean }
  /** One of another range is under way, and Konnect runs one a region at a time. */
  | { kind: "busy"; job: ReplayJob };

/** The calls of a client that a replay needs. */
export type ReplayCalls = Pick<WebhookApi, "getReplayJob" | "startReplayJob">;

export interface ReplayStartOptions {
  signal?: AbortSignal | undefined;
  /** Waits before each call to Konnect. @default not at all */
  pace?: (() => Promise<void>) | undefined;
  /** What Konnect has just shown. @default it is asked */
  before?: ReplayJob | undefined;
}

/**
 * Starts a replay job, unless one is under way.
 *
 * An answer that is lost is looked into: the job that Konnect then shows is ours if it has our range and was not there
 * before. So nothing is delivered twice because an answer got lost, and a job of somebody else is never taken for ours.
 *
 * @throws KonnectError
 */
export async function beginReplay(
  konnect: ReplayCalls,
  region: string,
  range: ReplayRange,
  { signal, pace = async () => undefined, before: shown }: ReplayStartOptions = {},
): Promise<ReplayStart> {
  const look = async () => {
    await pace();
    return (await konnect.getReplayJob(region, { signal })).body;
  };
  const before = shown ?? (await look());
  if (isUnderWay(before)) {
    return underWay(before, range, false);
  }
  try {
    await pace();
    const { body: job } = await konnect.startReplayJob(region, range, { signal });
    return answered(job, range);
  } catch (error) {
    const isOpen = isOutcomeUnknown(error);
    if (signal?.aborted || !(isOpen || isConflict(error))) throw error;
    const after = await look().catch(() => undefined);
    if (after === undefined) throw error;
    if (isOpen && isJobOfRange(after, range) && isAnother(after, before)) {
      return { kind: "started", job: after };
    }
    if (isUnderWay(after)) return underWay(after, range, true);
    throw error;
  }
}

function underWay(job: ReplayJob, range: ReplayRange, asked: boolean): ReplayStart {
  return isJobOfRange(job, range) ? { kind: "joined", job, asked } : { kind: "busy", job };
}

/** Konnect's answer to the start; one that shows no range is of the job that was asked for. */
function answered(job: ReplayJob, range: ReplayRange): ReplayStart {
  if (job.start_at === null || job.end_at === null) {
    const status = job.status === "unconfigured" ? "accepted" : job.status;
    return { kind: "started", job: { ...job, ...range, status } };
  }
  return { kind: isJobOfRange(job, range) ? "started" : "busy", job };
}

/** True if a job is not the one that was there before, although its range may be the same. */
function isAnother(job: ReplayJob, before: ReplayJob): boolean {
  return (
    describeRange(job) !== describeRange(before) ||
    job.updated_at !== before.updated_at ||
    job.status !== before.status
  );
}

function isConflict(error: unknown): boolean {
  return KonnectError.is(error) && error.code === "KONNECT_CONFLICT";
}
