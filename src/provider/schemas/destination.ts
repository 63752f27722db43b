import * as z from "zod";
import { attribute } from "./attribute.js";
import { connectionArguments, revisionAttributes } from "./connection.js";

/** What a user writes. */
export const destinationArguments = z.object({
  name: attribute(z.string(), {
    description: "Name of the destination, unique in the organisation.",
    rules: ["notBlank"],
  }),
  ...connectionArguments,
});

/** What the provider answers besides. */
export const destinationAttributes = z.object({
  id: attribute(z.string(), {
    description: "Konnect's id of the destination (a UUID), which is also the import id.",
    computed: true,
    useStateForUnknown: true,
  }),
  ...revisionAttributes,
  created_at: attribute(z.string().optional(), {
    description: "When the destination was created (RFC 3339).",
    computed: true,
    useStateForUnknown: true,
  }),
  updated_at: attribute(z.string().optional(), {
    description: "When Konnect last changed the destination (RFC 3339).",
    computed: true,
    useStateForUnknown: true,
  }),
});

export const destinationSchema = z
  .object({ ...destinationArguments.shape, ...destinationAttributes.shape })
  .meta({
    description:
      "A named connection to a SIEM (API v3). Destinations are global: webhooks of every region and Dev Portal can be bound to one.",
  });
