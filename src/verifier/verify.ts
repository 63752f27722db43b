import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import type { EvidenceSource } from "../receiver/evidence-source.js";
import { verifierErrors } from "./errors.js";
import type { Expectations } from "./expectations.js";
import { createPacer } from "./pacer.js";
import { verifyRegion } from "./region.js";
import { checkRegions } from "./regions.js";
import {
  exitCodes,
  type Moment,
  overallOutcome,
  reportSchemaVersion,
  type VerificationReport,
} from "./report.js";
import type { EvidenceLevel } from "./verdicts.js";

/** Konnect's "up to one minute", its repetitions after 1, 2, 4 and 8 seconds, and as much again for slow answers. */
const defaultWithin = 90_000;
/** Four repetitions that begin after one second and double take this long. */
const defaultRetryWindow = 15_000;

export interface VerifyOptions {
  regions: readonly string[];
  /** What each region's webhook should look like. @default nothing */
  expected?: Expectations | ((region: string) => Expectations) | undefined;
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus" | "getAuditLogs">;
  /** The receiver that is asked for the probes' events. @default none */
  evidence?: EvidenceSource | undefined;
  /** The least evidence that counts. @default "receiver" with an evidence source, "status" without */
  required?: EvidenceLevel | undefined;
  /** Probes per region. @default 1 */
  probes?: number | undefined;
  /** Milliseconds until the waiting ends. @default 90000 */
  within?: number | undefined;
  /** Milliseconds before the second look; the pauses grow from there to ten seconds. @default 1000 */
  every?: number | undefined;
  /** Milliseconds that Konnect's repetitions take at least. @default 15000 */
  retryWindow?: number | undefined;
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
  const startedAt = clock.now();
  const pacer = createPacer(clock);
  const reports = await Promise.all(
    regions.map((region) =>
      verifyRegion({
        region,
        evidence,
        required,
        clock,
        pacer,
        expected: typeof expected === "function" ? expected(region) : expected,
        client: options.client,
        probes: options.probes ?? 1,
        within: options.within ?? defaultWithin,
        every: options.every ?? 1_000,
        retryWindow: options.retryWindow ?? defaultRetryWindow,
        newProbeId: options.newProbeId ?? randomUUID,
        signal: options.signal,
        onMoment: (moment) => options.onProgress?.(region, moment),
        onWait: (reason) => options.onWait?.(region, reason),
      }),
    ),
  );
  const outcome = overallOutcome(reports);
  return {
    schema_version: reportSchemaVersion,
    kind: "konnect-audit/verification",
    started_at: new Date(startedAt).toISOString(),
    duration_ms: Math.max(0, Math.round(clock.now() - startedAt)),
    required_evidence: required,
    outcome,
    exit_code: exitCodes[outcome],
    regions: reports,
  };
}
