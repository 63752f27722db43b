import { type Clock, systemClock } from "../core/clock.js";
import { type Deadline, startDeadline } from "../core/deadline.js";
import { type Cleaner, type CleanText, cleanText } from "../core/foreign-text.js";
import { untilAborted } from "../core/until-aborted.js";
import type { KonnectClient } from "../konnect/client.js";
import { beginsBeforeRetention, checkReplayRange } from "../konnect/replay-job.js";
import type { ArrivalCounter } from "./arrivals.js";
import { checkDuration } from "./duration.js";
import { verifierErrors } from "./errors.js";
import { type ExplainedError, explainError } from "./explained.js";
import { createPacer } from "./pacer.js";
import { checkRegions } from "./regions.js";
import { replayRegion } from "./replay-region.js";
import type { Arrivals, RegionReplay, ReplayReport } from "./replay-report.js";
import { exitCodes } from "./report.js";

export interface ReplayOptions {
  regions: readonly string[];
  /** Milliseconds since the epoch. */
  startAt: number;
  /** Milliseconds since the epoch. @default now */
  endAt?: number | undefined;
  client: Pick<
    KonnectClient,
    "getWebhook" | "getWebhookStatus" | "getReplayJob" | "startReplayJob"
  >;
  /** Cleans what Konnect and the SIEM say. @default knows no secret */
  clean?: Cleaner | undefined;
  /** Start a job although the last delivery to the webhook's endpoint failed. @default false */
  force?: boolean | undefined;
  /** Counts what comes to the receiver. @default none */
  arrivals?: ArrivalCounter | undefined;
  /** Pass although nothing came to the receiver. @default false */
  allowEmpty?: boolean | undefined;
  /** Milliseconds that all of it may take; a job that has begun goes on at Konnect. @default 600000 */
  within?: number | undefined;
  /** Milliseconds before the first look; later pauses grow to ten seconds. @default 1000 */
  every?: number | undefined;
  clock?: Clock | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((region: string, status: CleanText) => void) | undefined;
}

/** Milliseconds. */
export const defaultReplayWithin = 600_000;

/** Milliseconds that the receiver has to tell what came, when the time for the jobs is over. */
const lastWord = 500;

/**
 * Has Konnect deliver a stretch of time again, and waits for it.
 *
 * Konnect runs one job a region at a time, sends it to the webhook as it is then, and can't cancel it.
 *
 * @throws VerifierError for bad input; what goes wrong in a region is in its entry
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { clock = systemClock, within = defaultReplayWithin, every = 1_000, signal } = options;
  const regions = checkRegions(options.regions);
  const now = clock.now();
  const range = readRange(options, now);
  checkDuration("The time for all (--within)", within);
  checkDuration("The pause between looks", every);
  const deadline = startDeadline(within, signal);
  try {
    const endCounting = await startCounting(options.arrivals, deadline, signal);
    const context = {
      client: options.client,
      range,
      clean: options.clean ?? cleanText,
      force: options.force ?? false,
      every,
      until: clock.monotonic() + within,
      clock,
      deadline,
      caller: signal,
      pacer: createPacer(clock),
      onProgress: options.onProgress,
    };
    const entries = await Promise.all(regions.map((region) => replayRegion(region, context)));
    const counted = await arrivalsOf(endCounting, signal);
    return {
      schema_version: 1,
      kind: "konnect-audit/replay",
      started_at: new Date(now).toISOString(),
      ended_at: new Date(clock.now()).toISOString(),
      ...range,
      exit_code: exitCodes[outcomeOf(entries, counted, options.allowEmpty ?? false)],
      arrived: counted.arrived,
      arrived_error: counted.error,
      warnings: warningsOf(options, now, counted),
      regions: entries,
    };
  } finally {
    deadline.clear();
  }
}

function readRange(
  { startAt, endAt }: ReplayOptions,
  now: number,
): { start_at: string; end_at: string } {
  const end = endAt ?? now;
  if (!Number.isFinite(startAt) || !Number.isFinite(end)) {
    throw verifierErrors.replayRange("its begin or its end is no time");
  }
  const problem = checkReplayRange({ start: startAt, end }, now, "its begin");
  if (problem) {
    throw verifierErrors.replayRange(
      `its ${problem.part === "start" ? "begin" : "end"} ${problem.reason}`,
    );
  }
  return { start_at: new Date(startAt).toISOString(), end_at: new Date(end).toISOString() };
}

type EndCounting = Awaited<ReturnType<ArrivalCounter>>;

/** A receiver that can't be asked is an error before a job is started. */
async function startCounting(
  arrivals: ArrivalCounter | undefined,
  deadline: Deadline,
  caller: AbortSignal | undefined,
): Promise<EndCounting | undefined> {
  if (!arrivals) return undefined;
  const { signal } = deadline;
  try {
    return await untilAborted(signal, arrivals({ signal }));
  } catch (error) {
    caller?.throwIfAborted();
    if (deadline.passed) throw verifierErrors.receiverSilent();
    throw error;
  }
}

interface Counted {
  arrived: Arrivals | null;
  error: ExplainedError | null;
}

async function arrivalsOf(
  endCounting: EndCounting | undefined,
  caller: AbortSignal | undefined,
): Promise<Counted> {
  if (!endCounting) return { arrived: null, error: null };
  // The time for the jobs may be over; a running receiver answers at once.
  const deadline = startDeadline(lastWord, caller);
  try {
    return { arrived: await untilAborted(deadline.signal, endCounting()), error: null };
  } catch (error) {
    const cause = deadline.passed ? verifierErrors.receiverSilent() : error;
    return { arrived: null, error: explainError("receiver", cause, caller?.aborted ?? false) };
  } finally {
    deadline.clear();
  }
}

function outcomeOf(
  entries: readonly RegionReplay[],
  { arrived, error }: Counted,
  allowEmpty: boolean,
): keyof typeof exitCodes {
  if (error || entries.some(({ outcome }) => outcome === "error")) return "error";
  if (entries.some(({ outcome }) => outcome !== "completed")) return "failed";
  return arrived && isEmpty(arrived) && !allowEmpty ? "failed" : "passed";
}

function isEmpty({ new_events: fresh, known_events: known }: Arrivals): boolean {
  return fresh === 0 && !known;
}

function warningsOf({ startAt }: ReplayOptions, now: number, { arrived }: Counted): CleanText[] {
  const warnings: string[] = [];
  if (beginsBeforeRetention(startAt, now)) {
    warnings.push(
      "The range begins over 7 days ago, and Konnect documents that it keeps events for 7 days: it may have delivered a part only.",
    );
  }
  if (arrived && isEmpty(arrived)) {
    warnings.push(
      arrived.known_events === null
        ? "No new event came to the receiver's file, which does not tell of events that it had. If that is as it should be, say so with --allow-empty."
        : "Nothing came to the receiver. Check that the range holds events, and that the webhook's endpoint leads to this receiver. If nothing was to come, say so with --allow-empty.",
    );
  }
  return warnings.map((warning) => cleanText(warning));
}
