import { defineDataSource } from "../../terraform/index.js";
import { readDeliveryStatus } from "../delivery-status.js";
import { portalWebhookStatusSchema } from "../generated/portal-webhook-status.js";
import type { ProviderRun } from "../run.js";
import type { PortalWebhookStatusValues } from "../values.js";

/** The delivery status of a Dev Portal's webhook. */
export const portalWebhookStatus = defineDataSource<PortalWebhookStatusValues, ProviderRun>({
  type: "konnectaudit_portal_webhook_status",
  schema: portalWebhookStatusSchema,

  async read({ config, client, signal, diagnostics }) {
    const { region, portal_id, revision } = {
      ...config,
      region: config.region ?? "",
      portal_id: config.portal_id ?? "",
    };
    const owner = `the webhook of portal ${portal_id} in region "${region}"`;
    const status = await readDeliveryStatus(owner, diagnostics, async () => {
      const konnect = await client.konnect();
      return (await konnect.getPortalWebhookStatus(region, portal_id, { signal })).body;
    });
    return { region, portal_id, revision, id: `${region}/${portal_id}`, ...status };
  },
});
