import * as z from "zod";
import { attribute } from "./attribute.js";
import { deliveryStatusAttributes } from "./webhook-status.js";

export const portalWebhookStatusArguments = z.object({
  region: attribute(z.string(), {
    description: "Konnect region that the Dev Portal is in.",
    rules: ["region"],
  }),
  portal_id: attribute(z.string(), {
    description: "Id of the Dev Portal whose webhook's status is read.",
    rules: ["uuid"],
  }),
  revision: attribute(z.string().optional(), {
    description:
      "The `revision` of a `konnectaudit_portal_webhook`, so that the status is read after a pending change of it. Not sent to Konnect.",
  }),
});

export const portalWebhookStatusAttributes = z.object({
  id: attribute(z.string(), {
    description: "`region` and `portal_id`, joined by `/`.",
    computed: true,
  }),
  ...deliveryStatusAttributes,
});

export const portalWebhookStatusSchema = z
  .object({ ...portalWebhookStatusArguments.shape, ...portalWebhookStatusAttributes.shape })
  .meta({
    description:
      "Delivery status of a Dev Portal's audit-log webhook. A failure to read it is an attribute and a warning, not an error, so that a health check never stops a plan.",
  });
