import type { Clock } from "../core/clock.js";
import type { Deadline } from "../core/deadline.js";
import { type Cleaner, type CleanText, cleanText, ownText } from "../core/foreign-text.js";
import { untilAborted } from "../core/until-aborted.js";
import {
  beginReplay,
  describeRange,
  isJobOfRange,
  isUnderWay,
  type ReplayCalls,
  type ReplayStart,
} from "../konnect/replay-job.js";
import { isOutcomeUnknown } from "../konnect/unknown-outcome.js";
import { isConfigured } from "../konnect/webhook.js";
import type { ReplayRange } from "../konnect/webhook-api.js";
import type { ReplayJob, Webhook } from "../konnect/wire.js";
import { answerHint } from "./answers.js";
import { describeAnswer, lastAttempt } from "./attempt.js";
import { verifierErrors } from "./errors.js";
import { type ExplainedError, explainError } from "./explained.js";
import type { Pacer } from "./pacer.js";
import type { ReplayOptions } from "./replay.js";
import type { RegionReplay, ShownReplayJob } from "./replay-report.js";

/** What the replays of all regions share. */
export interface ReplayContext {
  client: ReplayOptions["client"];
  range: ReplayRange;
  /** Cleans what Konnect and the SIEM say, of the secrets that the process knows too. */
  clean: Cleaner;
  force: boolean;
  /** Milliseconds before the first look. */
  every: number;
  /** When the waiting ends, by the clock's monotonic time. */
  until: number;
  clock: Clock;
  /** Ends each call when the time is over, also one that Konnect never answers. */
  deadline: Deadline;
  /** Aborts when the user stops the run. */
  caller: AbortSignal | undefined;
  pacer: Pacer;
  onProgress: ReplayOptions["onProgress"];
}

/** How far a region has got; what an error means depends on it. */
interface Progress {
  start?: Exclude<ReplayStart, { kind: "busy" }> | undefined;
  /** As Konnect last showed it. */
  job?: ReplayJob | undefined;
  /** True once Konnect was asked to start a job, whatever it answered. */
  asked?: boolean;
}

/** Longest pause between two looks, in milliseconds, unless the first is longer. */
const longestPause = 10_000;

/** Characters of a hint, which is our own words but for what is clean already. */
const longestHint = 1_000;

/** Replays one region; what goes wrong is in the entry. */
export async function replayRegion(region: string, context: ReplayContext): Promise<RegionReplay> {
  const progress: Progress = {};
  try {
    // Bound to the limit as a whole, whatever a single call does.
    return await untilAborted(context.deadline.signal, startAndWait(region, context, progress));
  } catch (error) {
    return failed(region, error, context, progress);
  }
}

async function startAndWait(
  region: string,
  context: ReplayContext,
  progress: Progress,
): Promise<RegionReplay> {
  const { client, range, clock, until, every, pacer, onProgress, deadline } = context;
  const { signal } = deadline;
  const obstacle = await obstacleOf(region, context);
  if (obstacle !== undefined) return entry(region, "not started", { hint: obstacle });
  const pace = () => pacer({ signal });
  const start = await beginReplay(noting(client, progress), region, range, { signal, pace });
  if (start.kind === "busy") return busy(region, start.job);
  progress.start = start;
  for (let pause = every, job = start.job; ; pause = nextPause(pause, every)) {
    const isNews = job.status !== progress.job?.status;
    progress.job = job;
    if (isNews) onProgress?.(region, cleanText(job.status, 80));
    const left = until - clock.monotonic();
    if (!isUnderWay(job) || left <= 0) return outcomeOf(region, job, start, range);
    await clock.sleep(Math.min(pause, left), { signal });
    await pace();
    job = (await client.getReplayJob(region, { signal })).body;
    if (!isJobOfRange(job, range)) throw verifierErrors.replayReplaced(region);
  }
}

function noting(client: ReplayCalls, progress: Progress): ReplayCalls {
  return {
    getReplayJob: (...call) => client.getReplayJob(...call),
    startReplayJob: (...call) => {
      progress.asked = true;
      return client.startReplayJob(...call);
    },
  };
}

function nextPause(pause: number, every: number): number {
  return Math.min(pause * 1.5, Math.max(every, longestPause));
}

/** Why no job is started: a replay goes to the webhook as it is now, and takes the region's only job. */
async function obstacleOf(
  region: string,
  { client, clean, force, pacer, deadline: { signal } }: ReplayContext,
): Promise<CleanText | undefined> {
  await pacer({ signal });
  const { body: webhook } = await client.getWebhook(region, { signal });
  if (!isConfigured(webhook) || !webhook.enabled) {
    const state = isConfigured(webhook) ? "turned off" : "not configured";
    return cleanText(
      `The webhook is ${state}: a replay goes to the webhook as it is now. Deploy and enable it first.`,
      longestHint,
    );
  }
  if (force) return undefined;
  await pacer({ signal });
  const { body: status } = await client.getWebhookStatus(region, { signal });
  const attempt = lastAttempt(status, clean);
  // What Konnect still repeats may be accepted by the time that the job runs.
  if (attempt?.outcome !== "refused" && status.webhook_status !== "inactive") return undefined;
  const what = attempt
    ? `the last delivery, at ${new Date(attempt.at).toISOString()}, ended with ${describeAnswer(attempt)}`
    : "Konnect has given up on the endpoint";
  return cleanText(
    `The endpoint takes no deliveries: ${what}. ${attempt ? `${answerHint(attempt, hintContext(webhook))} ` : ""}When it is mended, \`konnect-audit verify --region ${region}\` shows it and the replay starts; to start it all the same, add --force.`,
    longestHint,
  );
}

function hintContext({ endpoint, skip_ssl_verification }: Webhook) {
  return { endpoint, skipsTlsVerification: skip_ssl_verification };
}

function busy(region: string, job: ReplayJob): RegionReplay {
  const { status } = shown(job);
  const hint = cleanText(
    `Konnect runs one job a region at a time, and another one is ${status}: that of ${cleanText(describeRange(job), 120)}. Start again when it has ended.`,
    longestHint,
  );
  return entry(region, "not started", { hint, job });
}

function outcomeOf(
  region: string,
  job: ReplayJob,
  start: Progress["start"],
  range: ReplayRange,
): RegionReplay {
  const known = { job, start };
  if (job.status === "completed") return entry(region, "completed", known);
  if (job.status === "failed") return entry(region, "failed", { ...known, hint: failedHint });
  const hint = cleanText(
    `The job goes on at Konnect. To wait on, with a longer --within: ${sameReplay(region, range)}`,
    longestHint,
  );
  return entry(region, "running", { ...known, hint });
}

/** What an error means depends on whether the job has begun, and on who ended the run. */
function failed(
  region: string,
  error: unknown,
  { caller, deadline, range }: ReplayContext,
  progress: Progress,
): RegionReplay {
  const { start, job } = progress;
  const stopped = caller?.aborted ?? false;
  const late = deadline.passed && !stopped;
  if (late && start && job) return outcomeOf(region, job, start, range);
  const cause = late ? verifierErrors.replayTimedOut(region) : error;
  const explained = explainError(region, cause, stopped);
  const state = start
    ? " The job has been started and goes on at Konnect."
    : progress.asked && (deadline.signal.aborted || isOutcomeUnknown(error))
      ? ` Whether a job was started is not known; this joins it, if so: ${sameReplay(region, range)}`
      : "";
  const hint = cleanText(`${explained.remedy}${state}`, longestHint);
  return entry(region, "error", { job, start, error: explained, hint });
}

/** The command that joins the job of a run instead of starting another. */
function sameReplay(region: string, { start_at, end_at }: ReplayRange): string {
  return `konnect-audit replay --region ${region} --since ${start_at} --until ${end_at}`;
}

const failedHint = ownText(
  "Konnect could not deliver the events again. `konnect-audit verify` tells what the endpoint answers; start the replay again when it passes.",
);

interface Known {
  job?: ReplayJob | undefined;
  start?: Progress["start"];
  hint?: CleanText;
  error?: ExplainedError;
}

function entry(
  region: string,
  outcome: RegionReplay["outcome"],
  { job, start, hint, error }: Known,
): RegionReplay {
  return {
    region,
    outcome,
    status: start && job ? cleanText(job.status, 80) : null,
    started_by: start ? (start.kind === "started" ? "this run" : "another run") : null,
    job: job ? shown(job) : null,
    hint: hint ?? null,
    error: error ?? null,
  };
}

function shown({ start_at, end_at, status, updated_at }: ReplayJob): ShownReplayJob {
  const time = (text: string | null) => (text === null ? null : cleanText(text, 40));
  return {
    start_at: time(start_at),
    end_at: time(end_at),
    status: cleanText(status, 80),
    updated_at: time(updated_at),
  };
}
