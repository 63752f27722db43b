import * as z from "zod";
import { attribute } from "./attribute.js";

export const destinationsArguments = z.object({
  name: attribute(z.string().optional(), {
    description: "Only the destination with exactly this name.",
    rules: ["notBlank"],
  }),
});

const destination = z.object({
  id: attribute(z.string(), { description: "Konnect's id (a UUID).", computed: true }),
  name: attribute(z.string(), { description: "Name, unique in the organisation.", computed: true }),
  endpoint: attribute(z.string(), {
    description: "URL that Konnect posts to.",
    computed: true,
  }),
  log_format: attribute(z.string(), {
    description: "`cef`, `json` or `cps`; other values of Konnect's pass unchanged.",
    computed: true,
  }),
  skip_ssl_verification: attribute(z.boolean(), {
    description: "Whether the endpoint's TLS certificate goes unverified.",
    computed: true,
  }),
  created_at: attribute(z.string().optional(), {
    description: "When the destination was created (RFC 3339).",
    computed: true,
  }),
  updated_at: attribute(z.string().optional(), {
    description: "When Konnect last changed it (RFC 3339).",
    computed: true,
  }),
});

export const destinationsAttributes = z.object({
  id: attribute(z.string(), {
    description: "Equal to `name`, or `all` without a filter.",
    computed: true,
  }),
  destinations: attribute(z.array(destination), {
    description: "The destinations, in Konnect's order. Empty when none matches.",
    computed: true,
  }),
});

export const destinationsSchema = z
  .object({ ...destinationsArguments.shape, ...destinationsAttributes.shape })
  .meta({ description: "The audit-log destinations of the organisation (API v3)." });
