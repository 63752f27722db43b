import * as z from "zod";
import { attribute } from "./attribute.js";

/** Values of `log_format` that Konnect's API documents. */
export const logFormats = ["cef", "json", "cps"] as const;

/** What destroying a webhook leaves at Konnect. */
export const destroyBehaviours = ["remove", "disable", "retain"] as const;

/** What a user writes. */
export const webhookArguments = z.object({
  region: attribute(z.string(), {
    description:
      "Konnect region whose audit events are delivered: `us`, `eu`, `au`, `me`, `in` or `sg`. There is exactly one webhook per region; a change of region replaces the resource.",
    requiresReplace: true,
    rules: ["region"],
  }),
  endpoint: attribute(z.string(), {
    description:
      "URL that Konnect posts batches of events to. HTTPS; plain HTTP is accepted for loopback addresses. Readable in plan and state: a credential does not belong into it.",
    rules: ["endpoint"],
  }),
  authorization: attribute(z.string().optional(), {
    description:
      "Value of the `Authorization` header of each delivery, for example `Bearer …` or `Splunk …`. Write-only: it is in no plan and no state, and needs Terraform or OpenTofu 1.11. Required when the webhook is created; left out later, Konnect keeps the one it has. Konnect never returns it, so a change made elsewhere can't be seen.",
    sensitive: true,
    writeOnly: true,
    rules: ["authorization"],
  }),
  authorization_version: attribute(z.number().int().optional(), {
    description:
      "Set it to rotate `authorization` by this number only. For values that differ at each run, such as short-lived tokens. Without it, a salted hash in Terraform's private state notices a changed value.",
  }),
  enabled: attribute(z.boolean().default(true), {
    description:
      "Whether Konnect delivers. `false` pauses the webhook and keeps its settings. (Kong's API and Kong's own provider default to `false`.)",
  }),
  log_format: attribute(z.enum(logFormats).default("cef"), {
    description:
      'Format of each event: `cef` (ArcSight Common Event Format), `json`, or `cps` (the JSON object wrapped as `{"event": …}`).',
  }),
  skip_ssl_verification: attribute(z.boolean().default(false), {
    description:
      "Skip the verification of the endpoint's TLS certificate. Open to man-in-the-middle attacks: only for self-signed certificates outside production.",
  }),
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
  authorization_revision: attribute(z.number().int().optional(), {
    description:
      "Counts the values of `authorization` that this resource has written. Null after an import until one was written.",
    computed: true,
    useStateForUnknown: true,
  }),
  revision: attribute(z.string().optional(), {
    description:
      "Changes with every write to Konnect and with nothing else; use it to trigger a verification.",
    computed: true,
    useStateForUnknown: true,
  }),
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
