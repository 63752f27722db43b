import * as z from "zod";
import { attribute } from "./attribute.js";

export const providerSchema = z
  .object({
    personal_access_token: attribute(z.string().optional(), {
      description:
        "Konnect personal access token (`kpat_…`). Default: the environment variable `KONNECT_TOKEN`",
      sensitive: true,
    }),
    system_account_access_token: attribute(z.string().optional(), {
      description:
        "Konnect system account access token (`spat_…`). Default: the environment variable `KONNECT_SPAT`",
      sensitive: true,
    }),
    server_url: attribute(z.string().optional(), {
      description:
        "Konnect's API; `{region}` stands for the region of each resource. Without `{region}` it serves only the region that its host names. Default: the environment variable `KONNECT_SERVER_URL`, else `https://{region}.api.konghq.com`",
    }),
    request_timeout: attribute(z.number().int().min(1).max(600).optional(), {
      description: "Seconds that one request to Konnect may take. Default: 30.",
    }),
    max_retries: attribute(z.number().int().min(0).max(20).optional(), {
      description:
        "How often a request is repeated after 429, 502, 503, 504 or a broken connection. Default: 4.",
    }),
  })
  .meta({
    description:
      "Manages the audit-log webhooks of a Kong Konnect organisation. One provider serves every region.",
  });
