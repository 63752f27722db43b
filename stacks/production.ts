import { type App, Aspects, S3Backend, TerraformStack } from "cdktf";
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

type Environment = Readonly<Record<string, string | undefined>>;

interface Organisation {
  /** Becomes part of the stack's name. */
  name: string;
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
    konnectToken: "EXAMPLE_KONNECT_TOKEN",
    splunkToken: "EXAMPLE_SPLUNK_HEC_TOKEN",
    index: "konnect_audit",
  },
  {
    name: "example-labs",
    konnectToken: "EXAMPLE_LABS_KONNECT_TOKEN",
    splunkToken: "EXAMPLE_LABS_SPLUNK_HEC_TOKEN",
    index: "konnect_audit_labs",
  },
];

/**
 * One stack an organisation: each has its own token, its own state and its own plan, so that a deploy of one can neither
 * read nor break another.
 *
 * An organisation whose regions belong to different teams, or are deployed one after the other, gets a stack a region
 * instead: a loop over `regions` with the region in the stack's name, and `requireEveryRegion([region])`.
 */
export function addProduction(app: App, env: Environment): void {
  for (const organisation of organisations) addOrganisation(app, env, organisation);
}

function addOrganisation(app: App, env: Environment, organisation: Organisation): void {
  const { name, konnectToken, splunkToken, index } = organisation;
  const stack = new TerraformStack(app, `audit-${name}`);
  addBackend(stack, env, name);

  new KonnectAuditProvider(stack, "konnect", {
    systemAccountAccessToken: Secret.fromEnvironment(konnectToken),
  });
  new AuditLogWebhooks(stack, "audit", {
    regions,
    siem: Siem.splunk({
      host: splunkHost,
      port: 443,
      index,
      token: Secret.fromEnvironment(splunkToken),
    }),
    gate: { within: "3m" },
  });

  const policies = Aspects.of(stack);
  policies.add(requireEveryRegion(regions));
  policies.add(requireVerifiedDelivery());
  policies.add(requireTlsVerification());
  policies.add(forbidPlainSecrets());
  policies.add(allowEndpointHosts(["*.splunkcloud.com"]));
}

/** Shared, encrypted and locked where a bucket is named; a file beside cdktf.json otherwise, which is for trying things out. */
function addBackend(stack: TerraformStack, env: Environment, name: string): void {
  const bucket = env.KONNECT_AUDIT_STATE_BUCKET;
  if (!bucket) return;
  const backend = new S3Backend(stack, {
    bucket,
    key: `konnect-audit/${name}.tfstate`,
    region: env.AWS_REGION ?? "us-east-1",
    encrypt: true,
  });
  backend.addOverride("use_lockfile", true); // cdktf 0.21 knows only the older lock by a DynamoDB table
}
