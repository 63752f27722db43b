import * as z from "zod";
import { attribute } from "./attribute.js";
import { connectionArguments, revisionAttributes } from "./connection.js";

/** What destroying a webhook leaves at Konnect. */
export const destroyBehaviours = ["remove", "disable", "retain"] as const;

const { endpoint, authorization, authorization_version, log_format, skip_ssl_verification } =
  connectionArguments;

/** What a user writes. */
export const webhookArguments = z.object({
  region: attribute(z.string(), {
    description:
      "Konnect region whose audit events are delivered: `us`, `eu`, `au`, `me`, `in` or `sg`. There is exactly one webhook per region; a change of region replaces the resource.",
    requiresReplace: true,
    rules: ["region"],
  }),
  endpoint,
  authorization,
  authorization_version,
  enabled: attribute(z.boolean().default(true), {
    description:
      "Whether Konnect delivers. `false` pauses the webhook and keeps its settings. (Kong's API and Kong's own provider default to `false`.)",
  }),
  log_format,
  skip_ssl_verification,
  adopt_existing: attribute(z.boolean().default(false), {
    description:
      "Let create overwrite a webhook that somebody else configured in this region. Without it, create stops and shows what is there.",
  }),
  on_destroy: attribute(z.enum(destroyBehaviours).default("remove"), {
    description:
      "What destroy does: `remove` disables the webhook and removes its configuration, `disable` only pauses it, `retain` leaves Konnect as it is.",
  }),
});

/** What the provider answers besides. */
export const webhookAttributes = z.object({
  id: attribute(z.string(), {
    description: "Equal to `region`, which is also the import id.",
    computed: true,
    useStateForUnknown: true,
  }),
  ...revisionAttributes,
  updated_at: attribute(z.string().optional(), {
    description: "When Konnect last changed the settings (RFC 3339).",
    computed: true,
    useStateForUnknown: true,
  }),
});

export const webhookSchema = z
  .object({ ...webhookArguments.shape, ...webhookAttributes.shape })
  .meta({
    description:
      "The audit-log webhook of a Konnect organisation in one region (API v2). Konnect delivers every audit event of the region to it.",
  });
