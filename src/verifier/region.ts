import { maskEndpoint } from "../konnect/endpoint.js";
import { isUnopenedRegion } from "../konnect/opt-in-regions.js";
import { isConfigured } from "../konnect/webhook.js";
import { describeWait } from "./describe.js";
import { explainError, explainWithin } from "./explained.js";
import { hintFor } from "./hints.js";
import { combineSignatures, type Judgement } from "./judge.js";
import { type LeftOut, unopenedRegion } from "./left-out.js";
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
export async function verifyRegion(setup: RegionSetup): Promise<RegionReport | LeftOut> {
  const watch = new RegionWatch(setup);
  try {
    return await concluded(setup, watch, await waitForVerdict(setup, watch));
  } catch (error) {
    if (setup.isOptional && isUnopenedRegion(error)) return unopenedRegion(setup.region);
    return undecided(setup, watch, error);
  }
}

/** Milliseconds before the limit at which a region is looked at for the last time, so that the look has time too. */
export function reserveOf(within: number): number {
  return Math.min(5_000, within / 5);
}

async function waitForVerdict(setup: RegionSetup, watch: RegionWatch): Promise<Judgement> {
  const { clock, limit, reserve } = setup;
  await watch.begin();
  const lastLook = clock.monotonic() + limit.remaining() - reserve;
  const looks = lookTimes(setup, clock.monotonic());
  for (let wasLast = false; ; ) {
    const judgement = watch.judge(wasLast);
    const proven = watch.judge(false).final;
    // Without a successful last look, "nothing came" would only mean that nobody could see it.
    if (wasLast && !proven && watch.problem) throw watch.problem;
    if (judgement.final) return judgement;
    setup.onWait?.(describeWait(judgement.verdict, watch.attempt));
    const due = Math.min(nextAfter(looks, clock.monotonic()), lastLook);
    wasLast = due >= lastLook;
    await limit.bound(clock.sleep(Math.max(0, due - clock.monotonic()), { signal: limit.signal }));
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
  const seen = verdict === "accepting" ? watch.accepted : clock.monotonic();
  const first = watch.probes[0]?.sent ?? watch.started;
  const latency = evidence && seen !== undefined ? seen - first : null;
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
    arrived: watch.probes.filter(({ arrived }) => arrived !== undefined).length,
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
  const { region, limit, clean } = setup;
  // That Konnect failed before says more than that the time was up while it was asked again.
  const explained =
    limit.passed && watch.problem
      ? explainError(region, watch.problem, false, clean)
      : explainWithin(region, error, limit, clean);
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

function common({ region, clean }: RegionSetup, watch: RegionWatch) {
  const { attempt } = watch;
  const webhook = watch.webhook && isConfigured(watch.webhook) ? watch.webhook : undefined;
  return {
    region,
    endpoint: webhook ? clean(maskEndpoint(webhook.endpoint)) : null,
    log_format: webhook?.log_format ? clean(webhook.log_format) : null,
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

function describeProbe({ id, sentAt, sent, arrived, signatures }: Probe) {
  return {
    id,
    sent_at: new Date(sentAt).toISOString(),
    arrived_after_ms: arrived === undefined ? null : Math.max(0, Math.round(arrived - sent)),
    signature: combineSignatures(signatures),
  };
}
