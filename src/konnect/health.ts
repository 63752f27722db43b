import { isConfigured } from "./webhook.js";
import type { Webhook, WebhookStatus } from "./wire.js";

/**
 * How a webhook's deliveries fare, by what Konnect tells:
 *
 * - `healthy`: the last delivery was accepted, and Konnect still delivers
 * - `failing`: the last delivery failed, or Konnect has given up
 * - `paused`: the webhook is turned off, so that nothing is delivered
 * - `unconfigured`: there is no webhook
 * - `untried`: nothing was delivered yet, so that nothing is known
 * - `unknown`: Konnect's answer has words that this version does not know
 */
export type Health = "healthy" | "failing" | "paused" | "unconfigured" | "untried" | "unknown";

/**
 * Judges how a webhook's deliveries fare. This is the only place that does.
 *
 * @param status the webhook's delivery status
 * @param webhook its settings, where they were read too: they tell what a status leaves out
 */
export function healthOf(
  status: WebhookStatus,
  webhook?: Pick<Webhook, "endpoint" | "enabled">,
): Health {
  const word = status.webhook_status;
  if (webhook ? !isConfigured(webhook) : word === "unconfigured") return "unconfigured";
  if (!status.webhook_enabled || webhook?.enabled === false) return "paused";
  const { last_attempt_at: at, last_response_code: code, last_response_message: message } = status;
  const wasTried = at !== null || Boolean(code) || Boolean(message);
  if (word === "inactive" || (wasTried && !isAccepted(code))) return "failing";
  if (word !== "active" && word !== "unconfigured") return "unknown";
  if (!wasTried) return "untried";
  // An acceptance of which nobody knows when it was proves nothing about today.
  return Number.isNaN(Date.parse(at ?? "")) ? "unknown" : "healthy";
}

/** True if an endpoint that answered so has taken the delivery. @param code HTTP status; null when there was no answer */
export function isAccepted(code: number | null): boolean {
  return code !== null && code >= 200 && code < 300;
}

/**
 * A health as one truth value: `true` only for what was seen to work, `null` where nothing is known yet.
 *
 * A webhook without any attempt is not well, and not ill either: a new one must not alarm, and must not reassure.
 */
export function isHealthy(health: Health): boolean | null {
  if (health === "untried" || health === "unknown") return null;
  return health === "healthy";
}
