import * as z from "zod";
import { attribute } from "./attribute.js";

export const webhookDataSourceArguments = z.object({
  region: attribute(z.string(), {
    description: "Konnect region whose webhook is read.",
    rules: ["region"],
  }),
});

export const webhookDataSourceAttributes = z.object({
  id: attribute(z.string(), { description: "Equal to `region`.", computed: true }),
  configured: attribute(z.boolean(), {
    description: "Whether the region's webhook has been configured.",
    computed: true,
  }),
  endpoint: attribute(z.string().optional(), {
    description: "URL that Konnect posts to. Null when nothing is configured.",
    computed: true,
  }),
  enabled: attribute(z.boolean(), { description: "Whether Konnect delivers.", computed: true }),
  log_format: attribute(z.string().optional(), {
    description:
      "`cef`, `json` or `cps`; other values of Konnect's pass unchanged. Null when nothing is configured.",
    computed: true,
  }),
  skip_ssl_verification: attribute(z.boolean().optional(), {
    description:
      "Whether the endpoint's TLS certificate goes unverified. Null when nothing is configured.",
    computed: true,
  }),
  updated_at: attribute(z.string().optional(), {
    description: "When Konnect last changed the settings (RFC 3339).",
    computed: true,
  }),
});

export const webhookDataSourceSchema = z
  .object({ ...webhookDataSourceArguments.shape, ...webhookDataSourceAttributes.shape })
  .meta({
    description:
      "The audit-log webhook of one region, whoever configured it and whether with the API's v2 or by a destination.",
  });
