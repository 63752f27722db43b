import { defineDataSource } from "../../terraform/index.js";
import { readDeliveryStatus } from "../delivery-status.js";
import { webhookStatusSchema } from "../generated/webhook-status.js";
import type { ProviderRun } from "../run.js";
import type { WebhookStatusValues } from "../values.js";

/** The delivery status of a region's webhook. */
export const webhookStatus = defineDataSource<WebhookStatusValues, ProviderRun>({
  type: "konnectaudit_webhook_status",
  schema: webhookStatusSchema,

  async read({ config, client, signal, diagnostics }) {
    const region = config.region ?? "";
    const owner = `the audit-log webhook in region "${region}"`;
    const status = await readDeliveryStatus(owner, diagnostics, async () => {
      const konnect = await client.konnect();
      return (await konnect.getWebhookStatus(region, { signal })).body;
    });
    return { region, revision: config.revision, id: region, ...status };
  },
});
