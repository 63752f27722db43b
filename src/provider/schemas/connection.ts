import * as z from "zod";
import { logFormats } from "../../core/log-format.js";
import { attribute } from "./attribute.js";

/** Where and how Konnect delivers: what a v2 webhook holds itself and a v3 destination holds for webhooks. */
export const connectionArguments = {
  endpoint: attribute(z.string(), {
    description:
      "URL that Konnect posts batches of events to. HTTPS; plain HTTP is accepted for loopback addresses. Readable in plan and state: a credential does not belong in it.",
    rules: ["endpoint"],
  }),
  authorization: attribute(z.string().optional(), {
    description:
      "Value of the `Authorization` header of each delivery, for example `Bearer …` or `Splunk …`. Write-only: it is in no plan and no state, and needs Terraform or OpenTofu 1.11. Required on create; left out later, or empty or blank, Konnect keeps the one it has. Konnect never returns it, so a change made elsewhere can't be seen.",
    sensitive: true,
    writeOnly: true,
    rules: ["authorization"],
  }),
  authorization_version: attribute(z.number().int().optional(), {
    description:
      "Set it to rotate `authorization` by this number only. For values that differ at each run, such as short-lived tokens. Without it, a salted hash in Terraform's private state notices a changed value.",
  }),
  log_format: attribute(z.enum(logFormats).default("cef"), {
    description:
      'Format of each event: `cef` (ArcSight Common Event Format), `json`, or `cps` (the JSON object wrapped as `{"event": …}`).',
  }),
  skip_ssl_verification: attribute(z.boolean().default(false), {
    description:
      "Skip the verification of the endpoint's TLS certificate. Open to man-in-the-middle attacks: only for self-signed certificates outside production.",
  }),
};

/** What shows that the credential, or anything at all, was written. */
export const revisionAttributes = {
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
};
