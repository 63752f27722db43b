import { isConfigured } from "../../konnect/webhook.js";
import { defineDataSource } from "../../terraform/index.js";
import { webhookDataSourceSchema } from "../generated/webhook-data-source.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import type { ProviderRun } from "../run.js";
import type { WebhookDataSourceValues } from "../values.js";

/** The webhook of one region, whoever configured it. */
export const webhookDataSource = defineDataSource<WebhookDataSourceValues, ProviderRun>({
  type: "konnectaudit_webhook",
  schema: webhookDataSourceSchema,

  read: ({ config, client, signal }) =>
    reportingKonnect(["region"], async () => {
      const region = config.region ?? "";
      const konnect = await client.konnect();
      const { body } = await konnect.getWebhook(region, { signal });
      const configured = isConfigured(body);
      const whenConfigured = <Value>(value: Value) => (configured ? value : null);
      return {
        region,
        id: region,
        configured,
        endpoint: whenConfigured(body.endpoint),
        enabled: body.enabled,
        log_format: whenConfigured(body.log_format),
        skip_ssl_verification: whenConfigured(body.skip_ssl_verification),
        updated_at: whenConfigured(body.updated_at),
      };
    }),
});
