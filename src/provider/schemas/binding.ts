import * as z from "zod";
import { attribute } from "./attribute.js";
import { revisionAttributes } from "./connection.js";

/** What a webhook in its v3 view is made of, whether a region's or a Dev Portal's. */
export const bindingArguments = {
  audit_log_destination_id: attribute(z.string(), {
    description: "`id` of the `konnectaudit_destination` that events are delivered to.",
    rules: ["uuid"],
  }),
  enabled: attribute(z.boolean().default(true), {
    description:
      "Whether Konnect delivers. `false` pauses the webhook and keeps its destination. (Kong's API and Kong's own provider default to `false`.)",
  }),
  adopt_existing: attribute(z.boolean().default(false), {
    description:
      "Let create overwrite a webhook that somebody else configured. Without it, create stops and shows what is there.",
  }),
};

export const bindingAttributes = { revision: revisionAttributes.revision };
