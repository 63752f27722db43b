import * as z from "zod";
import { attribute } from "./attribute.js";
import { bindingArguments, bindingAttributes } from "./binding.js";

/** What a user writes. */
export const webhookBindingArguments = z.object({
  region: attribute(z.string(), {
    description:
      "Konnect region whose audit events are delivered: `us`, `eu`, `au`, `me`, `in` or `sg`. There is exactly one webhook per region, so that a region has either a `konnectaudit_webhook` or a `konnectaudit_webhook_binding`; a change of region replaces the resource.",
    requiresReplace: true,
    rules: ["region"],
  }),
  ...bindingArguments,
});

/** What the provider answers besides. */
export const webhookBindingAttributes = z.object({
  id: attribute(z.string(), {
    description: "Equal to `region`, which is also the import id.",
    computed: true,
    useStateForUnknown: true,
  }),
  ...bindingAttributes,
});

export const webhookBindingSchema = z
  .object({ ...webhookBindingArguments.shape, ...webhookBindingAttributes.shape })
  .meta({
    description:
      "Binds the audit-log webhook of one region to a destination (API v3). Destroy unbinds and disables the webhook.",
  });
