import { KonnectError } from "../konnect/errors.js";
import { healthOf, isHealthy } from "../konnect/health.js";
import type { WebhookStatus } from "../konnect/wire.js";
import type { DiagnosticSink } from "../terraform/index.js";
import { explained } from "./konnect-diagnostics.js";
import type { WebhookStatusValues } from "./values.js";

/** How deliveries fare, as the data sources answer it. */
export type DeliveryStatus = Omit<WebhookStatusValues, "id" | "region" | "revision">;

const unread = {
  webhook_enabled: null,
  webhook_status: null,
  last_attempt_at: null,
  last_response_code: null,
  last_response_message: null,
  healthy: null,
};

/**
 * Reads a delivery status; a failure becomes an attribute and a warning.
 *
 * @param owner for messages: `the audit-log webhook in region "eu"`
 */
export async function readDeliveryStatus(
  owner: string,
  diagnostics: DiagnosticSink,
  read: () => Promise<WebhookStatus>,
): Promise<DeliveryStatus> {
  try {
    const status = await read();
    return {
      webhook_enabled: status.webhook_enabled,
      webhook_status: status.webhook_status,
      last_attempt_at: status.last_attempt_at,
      last_response_code: status.last_response_code,
      last_response_message: status.last_response_message,
      healthy: isHealthy(healthOf(status)),
      error: null,
    };
  } catch (error) {
    // A health check that can't be read must not stop the plan that may repair it.
    if (!KonnectError.is(error) || error.code === "KONNECT_CANCELLED") throw error;
    diagnostics.warn(`The status of ${owner} could not be read`, explained(error));
    return { ...unread, error: error.message };
  }
}
