import { maskEndpoint } from "../konnect/endpoint.js";
import { isConfigured } from "../konnect/webhook.js";
import { describeWait } from "./describe.js";
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
  const { clock, within, signal } = setup;
  const deadline = watch.startedAt + within;
  await watch.begin();
  const looks = lookTimes(setup, clock.now());
  for (;;) {
    const deadlinePassed = clock.now() >= deadline;
    const judgement = watch.judge(deadlinePassed);
    const proven = watch.judge(false).final;
    // Without a successful last look, "nothing came" would only mean that nobody could see it.
    if (deadlinePassed && !proven && watch.problem) throw watch.problem;
    if (judgement.final) return judgement;
    setup.onWait?.(describeWait(judgement.verdict, watch.attempt));
    const due = Math.min(nextAfter(looks, clock.now()), deadline);
    await clock.sleep(Math.max(0, due - clock.now()), { signal });
    await watch.look();
  }
}

/**
 * When a region is looked at. The pauses grow; the times do not depend on how long the looks take, so that one that had
 * to wait for other regions delays none that follow.
 */
function* lookTimes({ every }: RegionSetup, begin: number): Generator<number, never> {
  let time = begin;
  for (let pause = every; ; pause = Math.min(pause * growth, Math.max(every, longestPause))) {
    time += pause;
    yield time;
  }
}

/** The next time of a series that is still to come. */
function nextAfter(times: Iterator<number, never>, now: number): number {
  for (;;) {
    const { value } = times.next();
    if (value > now) return value;
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
    // What Konnect has recorded and the receiver lacks was lost on the way, whatever the status shows.
    ...(recorded ? { lost_since: isoTime(watch.lostSince ?? watch.probedAt) } : {}),
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
    lost_since: isoTime(watch.lostSince),
    lost_until: isoTime(watch.lostUntil),
    probes: watch.probes.map(describeProbe),
    differences: watch.differences,
    timeline: watch.timeline,
  };
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

function describeProbe({ id, sentAt, arrivedAt, signatures }: Probe) {
  return {
    id,
    sent_at: new Date(sentAt).toISOString(),
    arrived_after_ms: arrivedAt === undefined ? null : Math.max(0, Math.round(arrivedAt - sentAt)),
    signature: combineSignatures(signatures),
  };
}
