import { type Clock, systemClock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { isConfigured } from "../konnect/webhook.js";
import type { Webhook, WebhookStatus } from "../konnect/wire.js";
import { answerHint } from "./answers.js";
import { type Attempt, lastAttempt } from "./attempt.js";
import { type ExplainedError, explainError } from "./explained.js";
import { createPacer } from "./pacer.js";
import { checkRegions } from "./regions.js";
import { exitCodes } from "./report.js";
import type { Health, HealthReport, RegionHealth } from "./status-report.js";

export interface HealthOptions {
  regions: readonly string[];
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus">;
  clock?: Clock | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads how the webhooks of several regions fare, without causing a delivery on purpose.
 *
 * @throws VerifierError for bad input; what goes wrong in a region is in its entry
 */
export async function readHealth(options: HealthOptions): Promise<HealthReport> {
  const { client, clock = systemClock, signal } = options;
  const regions = checkRegions(options.regions);
  const pacer = createPacer(clock);
  const readRegion = async (region: string): Promise<RegionHealth> => {
    try {
      await pacer({ signal });
      const { body: webhook } = await client.getWebhook(region, { signal });
      await pacer({ signal });
      const { body: status } = await client.getWebhookStatus(region, { signal });
      return describe(region, webhook, status);
    } catch (error) {
      return unreadable(region, explainError(region, error, signal?.aborted ?? false));
    }
  };
  const health = await Promise.all(regions.map(readRegion));
  const failing = health.some((region) => region.health === "failing");
  const unread = health.some((region) => region.health === "error");
  return {
    schema_version: 1,
    kind: "konnect-audit/status",
    read_at: new Date(clock.now()).toISOString(),
    exit_code: exitCodes[unread ? "error" : failing ? "failed" : "passed"],
    regions: health,
  };
}

function describe(region: string, webhook: Webhook, status: WebhookStatus): RegionHealth {
  const attempt = lastAttempt(status);
  const health = healthOf(webhook, status, attempt);
  const { endpoint, skip_ssl_verification: skipsTlsVerification } = webhook;
  return {
    region,
    health,
    endpoint: isConfigured(webhook) ? maskEndpoint(endpoint) : null,
    log_format: isConfigured(webhook) ? webhook.log_format : null,
    webhook_status: status.webhook_status,
    last_attempt: attempt
      ? {
          at: new Date(attempt.at).toISOString(),
          response_code: attempt.responseCode,
          response_message: attempt.responseMessage,
        }
      : null,
    hint:
      health === "failing" && attempt
        ? answerHint(attempt, { endpoint, skipsTlsVerification })
        : null,
    error: null,
  };
}

function healthOf(webhook: Webhook, status: WebhookStatus, attempt: Attempt | undefined): Health {
  if (!isConfigured(webhook)) return "unconfigured";
  if (!webhook.enabled) return "paused";
  const failed = attempt !== undefined && attempt.outcome !== "accepted";
  return failed || status.webhook_status === "inactive" ? "failing" : "healthy";
}

function unreadable(region: string, error: ExplainedError): RegionHealth {
  return {
    region,
    health: "error",
    endpoint: null,
    log_format: null,
    webhook_status: null,
    last_attempt: null,
    hint: error.remedy,
    error,
  };
}
