import { KonnectError } from "../konnect/errors.js";
import { defineDataSource } from "../terraform/index.js";
import { webhookStatusSchema } from "./generated/schemas.js";
import type { ProviderRun } from "./run.js";
import type { WebhookStatusValues } from "./values.js";

const unread = {
  webhook_enabled: null,
  webhook_status: null,
  last_attempt_at: null,
  last_response_code: null,
  last_response_message: null,
  healthy: null,
};

/** The delivery status of a region's webhook. */
export const webhookStatus = defineDataSource<WebhookStatusValues, ProviderRun>({
  type: "konnectaudit_webhook_status",
  schema: webhookStatusSchema,

  async read({ config, client, signal, diagnostics }) {
    const region = config.region ?? "";
    const known = { region, revision: config.revision, id: region };
    try {
      const konnect = await client.konnect();
      const { body } = await konnect.getWebhookStatus(region, { signal });
      return {
        ...known,
        webhook_enabled: body.webhook_enabled,
        webhook_status: body.webhook_status,
        last_attempt_at: body.last_attempt_at,
        last_response_code: body.last_response_code,
        last_response_message: body.last_response_message,
        healthy: !(body.webhook_enabled && body.webhook_status === "inactive"),
        error: null,
      };
    } catch (error) {
      // A health check that can't be read must not stop the plan that may repair it.
      if (!KonnectError.is(error) || error.code === "KONNECT_CANCELLED") throw error;
      diagnostics.warn(
        `The status of the audit-log webhook in region "${region}" could not be read`,
        `${error.message}\n\n${error.remedy} (${error.code})`,
      );
      return { ...known, ...unread, error: error.message };
    }
  },
});
