import { type Clock, systemClock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import { isConfigured } from "../konnect/webhook.js";
import type { ArrivalCounter } from "./arrivals.js";
import { verifierErrors } from "./errors.js";
import { type ExplainedError, explainError } from "./explained.js";
import { createPacer, type Pacer } from "./pacer.js";
import { checkRegions } from "./regions.js";
import type { RegionReplay, ReplayReport } from "./replay-report.js";
import { exitCodes } from "./report.js";

/** Konnect keeps events for seven days and replays no further back. */
export const retention = 7 * 24 * 3_600_000;

export interface ReplayOptions {
  regions: readonly string[];
  /** Milliseconds since the epoch; at most seven days ago. */
  startAt: number;
  /** Milliseconds since the epoch. @default now */
  endAt?: number | undefined;
  client: Pick<KonnectClient, "getWebhook" | "getReplayJob" | "startReplayJob">;
  /** Counts what comes to the receiver. @default none */
  arrivals?: ArrivalCounter | undefined;
  /** Milliseconds until the waiting ends; the job goes on. @default 600000 */
  within?: number | undefined;
  /** Milliseconds before the first look; later pauses grow to ten seconds. @default 1000 */
  every?: number | undefined;
  clock?: Clock | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((region: string, status: string) => void) | undefined;
}

/**
 * Has Konnect deliver a stretch of time again, and waits for it.
 *
 * Konnect runs one job a region at a time, sends it to the webhook as it is then, and can't cancel it.
 *
 * @throws VerifierError for bad input; what goes wrong in a region is in its entry
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { clock = systemClock, signal } = options;
  const regions = checkRegions(options.regions);
  const now = clock.now();
  const { startAt, endAt = now } = options;
  if (!(startAt < endAt)) throw verifierErrors.replayRange("it ends before it begins");
  if (now - startAt > retention) throw verifierErrors.replayRange("it begins over 7 days ago");
  const range = {
    start_at: new Date(startAt).toISOString(),
    end_at: new Date(endAt).toISOString(),
  };
  const endCounting = await options.arrivals?.({ signal });
  const pacer = createPacer(clock);
  const reports = await Promise.all(
    regions.map((region) =>
      replayRegion(region, range, { ...options, clock }, pacer).catch((error: unknown) => {
        const explained = explainError(region, error, signal?.aborted ?? false);
        return entry(region, "error", null, explained.remedy, explained);
      }),
    ),
  );
  const outcomes = new Set(reports.map(({ outcome }) => outcome));
  const told = outcomes.has("error") ? "error" : undefined;
  const all = outcomes.size === 1 && outcomes.has("completed") ? "passed" : "failed";
  return {
    schema_version: 1,
    kind: "konnect-audit/replay",
    ...range,
    exit_code: exitCodes[told ?? all],
    arrived: (await endCounting?.()) ?? null,
    regions: reports,
  };
}

async function replayRegion(
  region: string,
  range: { start_at: string; end_at: string },
  options: ReplayOptions & { clock: Clock },
  pacer: Pacer,
): Promise<RegionReplay> {
  const { client, clock, within = 600_000, every = 1_000, signal, onProgress } = options;
  await pacer({ signal });
  const { body: webhook } = await client.getWebhook(region, { signal });
  if (!isConfigured(webhook) || !webhook.enabled) {
    const state = isConfigured(webhook) ? "turned off" : "not configured";
    const hint = `The webhook is ${state}: a replay goes to the webhook as it is now. Deploy and enable it first.`;
    return entry(region, "not started", null, hint);
  }
  await pacer({ signal });
  let { status } = (await client.startReplayJob(region, range, { signal })).body;
  onProgress?.(region, status);
  const deadline = clock.now() + within;
  for (let pause = every; ; pause = Math.min(pause * 1.5, Math.max(every, 10_000))) {
    if (status === "completed") return entry(region, "completed", status, null);
    if (status === "failed") return entry(region, "failed", status, failedHint);
    if (clock.now() >= deadline) return entry(region, "running", status, runningHint);
    await clock.sleep(Math.min(pause, deadline - clock.now()), { signal });
    await pacer({ signal });
    const seen = (await client.getReplayJob(region, { signal })).body.status;
    if (seen !== status) onProgress?.(region, seen);
    status = seen;
  }
}

const failedHint =
  "Konnect could not deliver the events again. `konnect-audit verify` tells what the endpoint answers; start the replay again when it passes.";
const runningHint =
  "The job goes on at Konnect. Run `konnect-audit replay` with a longer --within another time; until it has ended Konnect takes no second one.";

function entry(
  region: string,
  outcome: RegionReplay["outcome"],
  status: string | null,
  hint: string | null,
  error: ExplainedError | null = null,
): RegionReplay {
  return { region, outcome, status, hint, error };
}
