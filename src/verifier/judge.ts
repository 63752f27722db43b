import { type Cleaner, cleanText } from "../core/foreign-text.js";
import { isConfigured } from "../konnect/webhook.js";
import type { Webhook, WebhookStatus } from "../konnect/wire.js";
import type { SignatureOutcome } from "../receiver/received-event.js";
import { type Attempt, lastAttempt } from "./attempt.js";
import { type EvidenceLevel, evidenceOf, satisfies, type Verdict } from "./verdicts.js";

/** Everything that was observed of a region's webhook up to now. */
export interface Observations {
  webhook: Webhook;
  /** Whether the webhook differs from what the caller expects. */
  differs: boolean;
  /** The status before the probe was sent. */
  baseline: WebhookStatus;
  /** When Konnect answered the first probe, by its own clock: whole seconds, rounded down. */
  probedAt: number | undefined;
  /** The newest status, and when it was answered by Konnect's clock. */
  status: WebhookStatus;
  statusAt: number | undefined;
  /** Failed attempts after the probe began at this time, by Konnect's clock. */
  failingSince: number | undefined;
  /** The signatures of each probe's events at the receiver; empty where none has arrived. */
  arrivals: readonly (readonly SignatureOutcome[])[];
  required: EvidenceLevel;
  deadlinePassed: boolean;
  /** Milliseconds that Konnect's repetitions take at least. */
  retryWindow: number;
}

export interface Judgement {
  verdict: Verdict;
  /** What the signatures of the arrived events prove; null while nothing has arrived. */
  signature: SignatureOutcome | null;
  /** Whether waiting longer can't change the verdict, or is not wanted. */
  final: boolean;
}

/**
 * Draws the conclusion from what was observed.
 *
 * Only an event that bears the probe's marker is a delivery; a status can at best show that the endpoint accepts, and
 * the end of the waiting time never improves a verdict.
 */
export function judge(seen: Observations): Judgement {
  const configuration = judgeConfiguration(seen);
  if (configuration) return { verdict: configuration, signature: null, final: true };
  const signature = combineSignatures(seen.arrivals.flat());
  const final = (verdict: Verdict): Judgement => ({ verdict, signature, final: true });
  if (signature === "invalid") return final("unverifiable");
  if (seen.arrivals.length > 0 && seen.arrivals.every((signatures) => signatures.length > 0)) {
    const provesEnough = satisfies(evidenceOf("delivered", signature === "valid"), seen.required);
    return final(provesEnough ? "delivered" : "unverifiable");
  }
  const verdict = judgeAttempts(seen);
  const proven = verdict === "accepting" && satisfies("status", seen.required);
  const settled = verdict === "refused" || verdict === "failing" || proven;
  return { verdict, signature, final: settled || seen.deadlinePassed };
}

function judgeConfiguration({ webhook, differs }: Observations): Verdict | undefined {
  if (!isConfigured(webhook)) return "unconfigured";
  if (!webhook.enabled) return "disabled";
  return differs ? "misconfigured" : undefined;
}

function judgeAttempts(seen: Observations): Verdict {
  // Only the outcome counts here.
  const attempt = attemptAfterProbe(seen, cleanText);
  if (!attempt) return "silent";
  if (attempt.outcome === "accepted") return "accepting";
  if (attempt.outcome === "refused") return "refused";
  return retriesAreSpent(seen) ? "failing" : "retrying";
}

/**
 * The newest attempt, if it was made after the probe.
 *
 * Konnect's `Date` header has whole seconds only, so that an attempt just before the probe could look newer: it must
 * also differ from the one that was known before.
 *
 * @param clean takes the secrets that are known out of what the endpoint said
 */
export function attemptAfterProbe(
  { baseline, probedAt, status }: Pick<Observations, "baseline" | "probedAt" | "status">,
  clean: Cleaner,
): Attempt | undefined {
  const attempt = lastAttempt(status, clean);
  if (!attempt || attempt.at === lastAttempt(baseline, clean)?.at) return undefined;
  return probedAt === undefined || attempt.at >= probedAt ? attempt : undefined;
}

/**
 * Konnect's documents disagree on whether `inactive` follows the first failed attempt or the last repetition: it
 * counts once the repetitions have had the time that they take.
 */
function retriesAreSpent(seen: Observations): boolean {
  if (seen.status.webhook_status !== "inactive") return false;
  if (seen.deadlinePassed) return true;
  if (seen.failingSince === undefined || seen.statusAt === undefined) return false;
  return seen.statusAt - seen.failingSince >= seen.retryWindow;
}

const worstFirst: readonly SignatureOutcome[] = ["invalid", "unverifiable", "unsigned", "valid"];

/** One wrong signature spoils the whole; one that can't be checked keeps the whole from being proven. */
export function combineSignatures(
  signatures: readonly SignatureOutcome[],
): SignatureOutcome | null {
  return worstFirst.find((outcome) => signatures.includes(outcome)) ?? null;
}
