import { maskEndpoint } from "../konnect/endpoint.js";
import { isConfigured } from "../konnect/webhook.js";
import { explainError } from "./explained.js";
import { hintFor } from "./hints.js";
import { combineSignatures, type Judgement } from "./judge.js";
import type { RegionReport } from "./report.js";
import { evidenceOf, satisfies } from "./verdicts.js";
import { type Probe, type RegionSetup, RegionWatch } from "./watch.js";

/** Pauses between two looks grow by this factor … */
const growth = 1.5;
/** … up to this many milliseconds, because each look is an audit event of its own. */
const longestPause = 10_000;

/**
 * Verifies the webhook of one region.
 *
 * Never rejects: what keeps it from telling is part of the report, so that other regions' verdicts are not lost.
 */
export async function verifyRegion(setup: RegionSetup): Promise<RegionReport> {
  const watch = new RegionWatch(setup);
  try {
    return await concluded(setup, watch, await waitForVerdict(setup, watch));
  } catch (error) {
    return undecided(setup, watch, error);
  }
}

async function waitForVerdict(setup: RegionSetup, watch: RegionWatch): Promise<Judgement> {
  const { clock, within, every, signal } = setup;
  const deadline = watch.startedAt + within;
  await watch.begin();
  for (let pause = every; ; pause = Math.min(pause * growth, Math.max(every, longestPause))) {
    const deadlinePassed = clock.now() >= deadline;
    const judgement = watch.judge(deadlinePassed);
    const proven = watch.judge(false).final;
    // Without a successful last look, "nothing came" would only mean that nobody could see it.
    if (deadlinePassed && !proven && watch.problem) throw watch.problem;
    if (judgement.final) return judgement;
    await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())), { signal });
    await watch.look();
  }
}

async function concluded(
  setup: RegionSetup,
  watch: RegionWatch,
  { verdict, signature }: Judgement,
): Promise<RegionReport> {
  const { region, required, clock } = setup;
  const evidence = evidenceOf(verdict, signature === "valid");
  const passed = satisfies(evidence, required);
  const seenAt = verdict === "accepting" ? watch.acceptedAt : clock.now();
  const latency = evidence && seenAt ? seenAt - (watch.probes[0]?.sentAt ?? watch.startedAt) : null;
  const isMissing = verdict === "silent" || (verdict === "accepting" && !passed);
  const recorded = isMissing ? await watch.recorded() : null;
  const hint = hintFor({
    verdict,
    region,
    required,
    recorded,
    signature,
    attempt: watch.attempt,
    hasReceiver: setup.evidence !== undefined,
    arrived: watch.probes.filter(({ arrivedAt }) => arrivedAt !== undefined).length,
    probes: watch.probes.length,
    endpoint: watch.webhook?.endpoint ?? "",
    skipsTlsVerification: watch.webhook?.skip_ssl_verification ?? false,
    keyProblems: watch.keyProblems,
  });
  watch.note("verdict", verdict);
  return {
    ...common(setup, watch),
    outcome: passed ? "passed" : "failed",
    verdict,
    evidence: evidence ?? null,
    signature,
    latency_ms: latency === null ? null : Math.max(0, Math.round(latency)),
    recorded,
    hint: hint ?? null,
    error: null,
  };
}

function undecided(setup: RegionSetup, watch: RegionWatch, error: unknown): RegionReport {
  const explained = explainError(setup.region, error, setup.signal?.aborted ?? false);
  watch.note("problem", explained.message);
  return {
    ...common(setup, watch),
    outcome: "error",
    verdict: null,
    evidence: null,
    signature: null,
    latency_ms: null,
    recorded: null,
    hint: explained.remedy,
    error: explained,
  };
}

function common({ region }: RegionSetup, watch: RegionWatch) {
  const { webhook, attempt } = watch;
  return {
    region,
    endpoint: webhook && isConfigured(webhook) ? maskEndpoint(webhook.endpoint) : null,
    log_format: (webhook && isConfigured(webhook) && webhook.log_format) || null,
    last_attempt: attempt
      ? {
          at: new Date(attempt.at).toISOString(),
          response_code: attempt.responseCode,
          response_message: attempt.responseMessage,
        }
      : null,
    lost_since: watch.lostSince === undefined ? null : new Date(watch.lostSince).toISOString(),
    probes: watch.probes.map(describeProbe),
    differences: watch.differences,
    timeline: watch.timeline,
  };
}

function describeProbe({ id, sentAt, arrivedAt, signatures }: Probe) {
  return {
    id,
    sent_at: new Date(sentAt).toISOString(),
    arrived_after_ms: arrivedAt === undefined ? null : Math.max(0, Math.round(arrivedAt - sentAt)),
    signature: combineSignatures(signatures),
  };
}
