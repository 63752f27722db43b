import * as z from "zod";
import { attribute } from "./attribute.js";
import { bindingArguments, bindingAttributes } from "./binding.js";

/** What a user writes. */
export const portalWebhookArguments = z.object({
  region: attribute(z.string(), {
    description:
      "Konnect region that the Dev Portal is in: `us`, `eu`, `au`, `me`, `in` or `sg`. A change replaces the resource.",
    requiresReplace: true,
    rules: ["region"],
  }),
  portal_id: attribute(z.string(), {
    description:
      "Id of the Dev Portal whose audit events are delivered. There is exactly one webhook per portal; a change replaces the resource.",
    requiresReplace: true,
    rules: ["uuid"],
  }),
  ...bindingArguments,
});

/** What the provider answers besides. */
export const portalWebhookAttributes = z.object({
  id: attribute(z.string(), {
    description: "`region` and `portal_id`, joined by `/`, which is also the import id.",
    computed: true,
    useStateForUnknown: true,
  }),
  ...bindingAttributes,
});

export const portalWebhookSchema = z
  .object({ ...portalWebhookArguments.shape, ...portalWebhookAttributes.shape })
  .meta({
    description:
      "The audit-log webhook of a Dev Portal, bound to a destination. Konnect delivers the portal's authentication events to it.",
  });
