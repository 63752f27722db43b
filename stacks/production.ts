import { type App, Aspects, TerraformStack } from "cdktf";
import {
  AuditLogWebhooks,
  allowEndpointHosts,
  forbidPlainSecrets,
  KonnectAuditProvider,
  requireEveryRegion,
  requireTlsVerification,
  requireVerifiedDelivery,
  Secret,
  Siem,
} from "konnect-audit";
import { addBackend } from "./backend.js";

type Environment = Readonly<Record<string, string | undefined>>;

interface Organisation {
  /** Becomes part of its stacks' names. */
  name: string;
  /** One stack for all of its regions, or one for each. */
  stacks: "together" | "by region";
  /** Holds the organisation's Konnect token: TF_VAR_<this>. */
  konnectToken: string;
  /** Holds the token of the organisation's own Splunk collector: TF_VAR_<this>. */
  splunkToken: string;
  /** Splunk index for its events. */
  index: string;
}

const splunkHost = "http-inputs-example.splunkcloud.com";
const regions = ["us", "eu", "au", "me", "in", "sg"];

const organisations: readonly Organisation[] = [
  {
    name: "example",
    stacks: "together",
    konnectToken: "EXAMPLE_KONNECT_TOKEN",
    splunkToken: "EXAMPLE_SPLUNK_HEC_TOKEN",
    index: "konnect_audit",
  },
  {
    name: "example-labs",
    stacks: "by region",
    konnectToken: "EXAMPLE_LABS_KONNECT_TOKEN",
    splunkToken: "EXAMPLE_LABS_SPLUNK_HEC_TOKEN",
    index: "konnect_audit_labs",
  },
];

/**
 * At least one stack an organisation: each has its own token, its own state and its own plan, so that a deploy of one can
 * neither read nor break another.
 *
 * A stack a region pays where regions belong to different teams or are deployed one after the other, first the one where a
 * mistake costs least: `cdktf deploy audit-example-labs-sg`, then `audit-example-labs-*`. It costs a plan each.
 */
export function addProduction(app: App, env: Environment): void {
  for (const organisation of organisations) {
    const { name, stacks } = organisation;
    if (stacks === "together") addStack(app, env, { id: `audit-${name}`, organisation, regions });
    else {
      for (const region of regions) {
        addStack(app, env, { id: `audit-${name}-${region}`, organisation, regions: [region] });
      }
    }
  }
}

function addStack(
  app: App,
  env: Environment,
  config: { id: string; organisation: Organisation; regions: readonly string[] },
): void {
  const { konnectToken, splunkToken, index } = config.organisation;
  const stack = new TerraformStack(app, config.id);
  addBackend(stack, env);

  new KonnectAuditProvider(stack, "konnect", {
    systemAccountAccessToken: Secret.fromEnvironment(konnectToken),
  });
  new AuditLogWebhooks(stack, "audit", {
    regions: config.regions,
    siem: Siem.splunk({
      host: splunkHost,
      port: 443,
      index,
      token: Secret.fromEnvironment(splunkToken),
    }),
    gate: { within: "3m" },
  });

  const policies = Aspects.of(stack);
  policies.add(requireEveryRegion(config.regions));
  policies.add(requireVerifiedDelivery());
  policies.add(requireTlsVerification());
  policies.add(forbidPlainSecrets());
  policies.add(allowEndpointHosts(["*.splunkcloud.com"]));
}
