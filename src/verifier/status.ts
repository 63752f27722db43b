import { type Clock, systemClock } from "../core/clock.js";
import { type Cleaner, cleanText } from "../core/foreign-text.js";
import { startTimeLimit, type TimeLimit } from "../core/time-limit.js";
import type { KonnectClient } from "../konnect/client.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { healthOf } from "../konnect/health.js";
import { isUnopenedRegion } from "../konnect/opt-in-regions.js";
import { documentedRetention } from "../konnect/replay-job.js";
import { isConfigured } from "../konnect/webhook.js";
import type { Webhook, WebhookStatus } from "../konnect/wire.js";
import { answerHint } from "./answers.js";
import { lastAttempt } from "./attempt.js";
import { cleanReport } from "./clean-report.js";
import { checkDuration, longestAge } from "./duration.js";
import { type ExplainedError, explainWithin } from "./explained.js";
import { type LeftOut, unopenedRegion } from "./left-out.js";
import { createPacer } from "./pacer.js";
import { checkRegions, regionWarnings } from "./regions.js";
import { exitCodes, overallOutcome } from "./report.js";
import type { HealthReport, RegionHealth } from "./status-report.js";

export const defaultStatusWithin = 30_000;
/** An organisation that is used has an event sooner; and Konnect keeps events no longer, so that older losses are final. */
export const defaultMaxAge = documentedRetention;

/** What of a webhook that does not deliver is no failure. */
export type AllowedState = "paused" | "unconfigured";

export interface HealthOptions {
  regions: readonly string[];
  /** Regions that are left out, and no error, where Konnect does not open them to the token. @default none */
  optional?: readonly string[] | undefined;
  /** True if no region was named: one without a webhook does not count then, unless none has one. @default false */
  isSweep?: boolean | undefined;
  /** States that are no failure. @default none */
  allowed?: readonly AllowedState[] | undefined;
  /** Milliseconds since the last attempt from which on it proves nothing any more. @default 7 days */
  maxAge?: number | undefined;
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus">;
  /** Milliseconds that all of it may take, up to seven days. @default 30000 */
  within?: number | undefined;
  /** Cleans what Konnect and the SIEM say. @default knows no secret */
  clean?: Cleaner | undefined;
  clock?: Clock | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads how the webhooks of several regions fare, without causing a delivery on purpose.
 *
 * @throws VerifierError for bad input; what goes wrong in a region is in its entry
 */
export async function readHealth(options: HealthOptions): Promise<HealthReport> {
  const { client, optional = [], clean = cleanText, clock = systemClock } = options;
  const { within = defaultStatusWithin, maxAge = defaultMaxAge } = options;
  const regions = checkRegions(options.regions);
  checkDuration("The age (--max-age)", maxAge, { most: longestAge });
  const limit = startTimeLimit(
    clock,
    checkDuration("The time for all (--within)", within),
    options.signal,
  );
  const readAt = clock.now();
  const pacer = createPacer(clock);
  const call = { signal: limit.signal };
  const read = async (region: string) => {
    await pacer(call);
    const { body: webhook } = await client.getWebhook(region, call);
    await pacer(call);
    const { body: status, date } = await client.getWebhookStatus(region, call);
    return describe({ region, webhook, status, clean, maxAge, now: date ?? readAt });
  };
  const readOrExplain = async (region: string): Promise<RegionHealth | LeftOut> => {
    try {
      return await limit.bound(read(region));
    } catch (error) {
      const isLeftOut = optional.includes(region) && isUnopenedRegion(error);
      return isLeftOut ? unopenedRegion(region) : unreadable(region, error, limit, clean);
    }
  };
  const results = await Promise.all(regions.map(readOrExplain)).finally(() => limit.clear());
  const health = results.filter((result): result is RegionHealth => "health" in result);
  const outcome = overallOutcome(outcomes(health, options));
  return cleanReport({
    schema_version: 1,
    kind: "konnect-audit/status",
    read_at: new Date(readAt).toISOString(),
    max_age_ms: maxAge,
    outcome,
    exit_code: exitCodes[outcome],
    regions: health,
    left_out: results.filter((result): result is LeftOut => "reason" in result),
    warnings: regionWarnings(regions),
  });
}

/** What is known to deliver passes, and what the user allows; where nothing was looked at, nothing has passed. */
function outcomes(
  health: readonly RegionHealth[],
  { allowed = [], isSweep = false }: HealthOptions,
): { outcome: "passed" | "failed" | "error" }[] {
  const counted = health.filter(({ health: state }) => !(isSweep && state === "unconfigured"));
  if (counted.length === 0) {
    const mayBeNone = allowed.includes("unconfigured") && health.length > 0;
    return [{ outcome: mayBeNone ? "passed" : "failed" }];
  }
  return counted.map(({ health: state }) => {
    if (state === "error") return { outcome: "error" };
    const isWell = state === "healthy" || allowed.some((one) => one === state);
    return { outcome: isWell ? "passed" : "failed" };
  });
}

interface Found {
  region: string;
  webhook: Webhook;
  status: WebhookStatus;
  clean: Cleaner;
  maxAge: number;
  /** Milliseconds since the epoch, by Konnect's clock where it told the time. */
  now: number;
}

function describe({ region, webhook, status, clean, maxAge, now }: Found): RegionHealth {
  const attempt = lastAttempt(status, clean);
  const age = attempt ? Math.max(0, now - attempt.at) : null;
  const known = healthOf(status, webhook);
  const health = known === "healthy" && age !== null && age > maxAge ? "stale" : known;
  const { endpoint, skip_ssl_verification: skipsTlsVerification } = webhook;
  return {
    region,
    health,
    endpoint: isConfigured(webhook) ? clean(maskEndpoint(endpoint)) : null,
    log_format: isConfigured(webhook) ? clean(webhook.log_format) : null,
    webhook_status: clean(status.webhook_status),
    last_attempt: attempt
      ? {
          at: new Date(attempt.at).toISOString(),
          response_code: attempt.responseCode,
          response_message: attempt.responseMessage,
        }
      : null,
    last_attempt_age_ms: age === null ? null : Math.round(age),
    hint:
      health === "failing" && attempt
        ? answerHint(attempt, { endpoint, skipsTlsVerification })
        : (hints[health]?.(region) ?? null),
    error: null,
  };
}

const hints: Partial<Record<RegionHealth["health"], (region: string) => string>> = {
  failing: (region) =>
    `Konnect has given up delivering. \`konnect-audit verify --region ${region}\` shows what the endpoint answers.`,
  paused: (region) =>
    `Nothing is delivered while it is paused. Set \`enabled = true\` on the webhook of region "${region}" and deploy; if the pause is meant, say --allow paused.`,
  untried: (region) =>
    `Konnect has not tried to deliver yet, so that nothing is known. \`konnect-audit verify --region ${region}\` proves whether events arrive.`,
  stale: (region) =>
    `The last attempt is older than --max-age: either nothing happened since, or events stopped. \`konnect-audit verify --region ${region}\` proves whether they arrive.`,
  unknown: (region) =>
    `Konnect's status has words that this version does not know. \`konnect-audit verify --region ${region}\` proves whether events arrive.`,
};

function unreadable(
  region: string,
  cause: unknown,
  limit: TimeLimit,
  clean: Cleaner,
): RegionHealth {
  const error: ExplainedError = explainWithin(region, cause, limit, clean);
  return {
    region,
    health: "error",
    endpoint: null,
    log_format: null,
    webhook_status: null,
    last_attempt: null,
    last_attempt_age_ms: null,
    hint: error.remedy,
    error,
  };
}
