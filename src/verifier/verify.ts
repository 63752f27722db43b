import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../core/clock.js";
import { type Cleaner, cleanText } from "../core/foreign-text.js";
import { startTimeLimit } from "../core/time-limit.js";
import type { KonnectClient } from "../konnect/client.js";
import type { EvidenceSource } from "../receiver/evidence-source.js";
import { cleanReport } from "./clean-report.js";
import { checkDuration } from "./duration.js";
import { verifierErrors } from "./errors.js";
import type { Expectations } from "./expectations.js";
import type { LeftOut } from "./left-out.js";
import { createPacer } from "./pacer.js";
import { reserveOf, verifyRegion } from "./region.js";
import { checkRegions, regionWarnings } from "./regions.js";
import { replayAdvice } from "./replay-advice.js";
import {
  exitCodes,
  type Moment,
  overallOutcome,
  type RegionReport,
  reportSchemaVersion,
  type VerificationReport,
} from "./report.js";
import type { EvidenceLevel } from "./verdicts.js";

/** Konnect's "up to one minute", its repetitions after 1, 2, 4 and 8 seconds, and as much again for slow answers. */
export const defaultWithin = 90_000;
/** Four repetitions that begin after one second and double take this long. */
const defaultRetryWindow = 15_000;
/** Shorter pauses would only cause more audit events. */
const leastPause = 50;
const mostProbes = 999;

export interface VerifyOptions {
  regions: readonly string[];
  /** Regions that are left out, and no error, where Konnect does not open them to the token. @default none */
  optional?: readonly string[] | undefined;
  /** What belongs to what is verified, and is not looked at: it is listed in the report. @default nothing */
  leftOut?: readonly LeftOut[] | undefined;
  /** What each region's webhook should look like. @default nothing */
  expected?: Expectations | ((region: string) => Expectations) | undefined;
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus" | "getAuditLogs">;
  /** The receiver that is asked for the probes' events. @default none */
  evidence?: EvidenceSource | undefined;
  /** The least evidence that counts. @default "receiver" with an evidence source, "status" without */
  required?: EvidenceLevel | undefined;
  /** Probes per region, up to 999. @default 1 */
  probes?: number | undefined;
  /** Milliseconds that the whole verification may take, up to seven days; calls that hang are left behind then. @default 90000 */
  within?: number | undefined;
  /** Milliseconds before the second look; the pauses grow from there to ten seconds. At least 50. @default 1000 */
  every?: number | undefined;
  /** Milliseconds that Konnect's repetitions take at least. @default 15000 */
  retryWindow?: number | undefined;
  /** Also say what to have delivered again. @default false */
  adviseReplays?: boolean | undefined;
  /** Cleans what Konnect, the SIEM and the receiver say. @default knows no secret */
  clean?: Cleaner | undefined;
  clock?: Clock | undefined;
  /** @default random UUIDs */
  newProbeId?: (() => string) | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((region: string, moment: Moment) => void) | undefined;
  /** Called before each pause with what the region waits for. */
  onWait?: ((region: string, reason: string) => void) | undefined;
}

/**
 * Proves that audit events arrive, region by region and side by side, or says why they don't.
 *
 * Konnect has no test event: a harmless call of its API, marked by its User-Agent, causes one. Nothing is changed.
 *
 * @throws VerifierError for bad input; what goes wrong in a region is in its report
 */
export async function verify(options: VerifyOptions): Promise<VerificationReport> {
  const { evidence, expected = {}, clock = systemClock } = options;
  const required = options.required ?? (evidence ? "receiver" : "status");
  const regions = checkRegions(options.regions);
  if (required !== "status" && !evidence) throw verifierErrors.receiverNeeded(required);
  const waits = checkNumbers(options);
  const limit = startTimeLimit(clock, waits.within, options.signal);
  const started = clock.monotonic();
  const startedAt = clock.now();
  const pacer = createPacer(clock);
  const results = await Promise.all(
    regions.map((region) =>
      verifyRegion({
        region,
        isOptional: options.optional?.includes(region) ?? false,
        evidence,
        required,
        clock,
        pacer,
        limit,
        reserve: reserveOf(waits.within),
        expected: typeof expected === "function" ? expected(region) : expected,
        client: options.client,
        probes: waits.probes,
        every: waits.every,
        retryWindow: waits.retryWindow,
        newProbeId: options.newProbeId ?? randomUUID,
        clean: options.clean ?? cleanText,
        onMoment: (moment) => options.onProgress?.(region, moment),
        onWait: (reason) => options.onWait?.(region, reason),
      }),
    ),
  ).finally(() => limit.clear());
  const reports = results.filter((result): result is RegionReport => "verdict" in result);
  const unopened = results.filter((result): result is LeftOut => "reason" in result);
  const leftOut = [...(options.leftOut ?? []), ...unopened];
  if (reports.length === 0) throw verifierErrors.nothingLeft(leftOut);
  const outcome = overallOutcome([...reports, ...leftOut]);
  const report: VerificationReport = {
    schema_version: reportSchemaVersion,
    kind: "konnect-audit/verification",
    started_at: new Date(startedAt).toISOString(),
    duration_ms: Math.max(0, Math.round(clock.monotonic() - started)),
    required_evidence: required,
    outcome,
    exit_code: exitCodes[outcome],
    regions: reports,
    left_out: leftOut,
    warnings: regionWarnings(regions),
  };
  return cleanReport(
    options.adviseReplays ? { ...report, replay_advice: replayAdvice(report) } : report,
  );
}

/** A loop whose pauses are no time never ends, and a time that is no number never comes. */
function checkNumbers(options: VerifyOptions) {
  const { probes = 1, within = defaultWithin, every = 1_000 } = options;
  const { retryWindow = defaultRetryWindow } = options;
  if (!Number.isInteger(probes) || probes < 1 || probes > mostProbes) {
    throw verifierErrors.countOutOfRange("The number of probes", 1, mostProbes);
  }
  return {
    probes,
    within: checkDuration("The time for all (--within)", within),
    every: checkDuration("The pause (--every)", every, { least: leastPause }),
    retryWindow: checkDuration("The time of Konnect's repetitions", retryWindow, { least: 0 }),
  };
}
