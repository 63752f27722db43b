import * as z from "zod";
import { attribute } from "./attribute.js";

/** How deliveries of a webhook fare, whether a region's or a Dev Portal's. */
export const deliveryStatusAttributes = {
  webhook_enabled: attribute(z.boolean().optional(), {
    description: "Whether Konnect delivers. Null when the status could not be read.",
    computed: true,
  }),
  webhook_status: attribute(z.string().optional(), {
    description:
      "`active`, `inactive` (the last attempt failed) or `unconfigured`; other values of Konnect's pass unchanged. Null when the status could not be read.",
    computed: true,
  }),
  last_attempt_at: attribute(z.string().optional(), {
    description: "When Konnect last tried to deliver (RFC 3339). Null before the first attempt.",
    computed: true,
  }),
  last_response_code: attribute(z.number().int().optional(), {
    description: "HTTP status that the endpoint answered to the last attempt.",
    computed: true,
  }),
  last_response_message: attribute(z.string().optional(), {
    description: "What the endpoint, or the failed connection, said at the last attempt.",
    computed: true,
  }),
  healthy: attribute(z.boolean().optional(), {
    description:
      "`true` when the webhook is enabled and its last attempt was accepted. `false` when the last attempt failed, when Konnect has given up, when the webhook is paused, and when there is none. Null while nothing is known: before the first attempt, when the status could not be read, and when Konnect answers a status that this version does not know. It does not judge how old the last attempt is.",
    computed: true,
  }),
  error: attribute(z.string().optional(), {
    description: "Why the status could not be read; null when it was.",
    computed: true,
  }),
};

export const webhookStatusArguments = z.object({
  region: attribute(z.string(), {
    description: "Konnect region whose webhook's status is read.",
    rules: ["region"],
  }),
  revision: attribute(z.string().optional(), {
    description:
      "The `revision` of a `konnectaudit_webhook`, so that the status is read after a pending change of it. Not sent to Konnect.",
  }),
});

export const webhookStatusAttributes = z.object({
  id: attribute(z.string(), { description: "Equal to `region`.", computed: true }),
  ...deliveryStatusAttributes,
});

export const webhookStatusSchema = z
  .object({ ...webhookStatusArguments.shape, ...webhookStatusAttributes.shape })
  .meta({
    description:
      "Delivery status of a region's audit-log webhook. A failure to read it is an attribute and a warning, not an error, so that a health check never stops a plan.",
  });
