/** The app of a new project. `konnect-audit adopt --force` replaces the stack beside it, and leaves this as it is. */
export const mainModule = `import { App, S3Backend } from "cdktf";
import { AuditLogStack } from "./audit-logs.js";

const app = new App();
const stack = new AuditLogStack(app, "audit");

// Without a bucket the state is a file beside cdktf.json, which is for trying things out: whoever deploys shares the state.
const bucket = process.env.STATE_BUCKET;
if (bucket) {
  const region = process.env.AWS_REGION ?? "us-east-1";
  const key = "konnect-audit/audit.tfstate";
  const backend = new S3Backend(stack, { bucket, key, region, encrypt: true });
  backend.addOverride("use_lockfile", true); // cdktf 0.21 knows only the older lock by a DynamoDB table
}

app.synth();
`;

/** The stack of a new project. */
export const auditLogsModule = `import { Aspects, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  AuditLogWebhooks,
  KonnectAuditProvider,
  requireTlsVerification,
  requireVerifiedDelivery,
  Secret,
} from "konnect-audit";

/** The audit-log webhooks of one Konnect organisation. */
export class AuditLogStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KonnectAuditProvider(this, "konnect"); // its token: KONNECT_TOKEN or KONNECT_SPAT

    new AuditLogWebhooks(this, "audit", {
      regions: ["us", "eu"],
      // Siem.splunk({ host, token }) and its like set endpoint, authorization and format at once.
      endpoint: "https://siem.example.com/audit-logs",
      // The whole Authorization header; a deploy reads it from TF_VAR_SIEM_AUTHORIZATION.
      authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
      logFormat: "json",
      gate: true, // fails a deploy when events don't arrive
    });

    Aspects.of(this).add(requireTlsVerification());
    Aspects.of(this).add(requireVerifiedDelivery());
  }
}
`;

/** The test of a new project's stack. */
export const stackTest = `import { Testing } from "cdktf";
import { type AuditLogMatchers, auditLogMatchers } from "konnect-audit/testing";
import { expect, test } from "vitest";
import { AuditLogStack } from "../audit-logs.js";

declare module "vitest" {
  interface Matchers<T> extends AuditLogMatchers<T> {}
}
expect.extend(auditLogMatchers);

test.each(["us", "eu"])("Region %s delivers its audit events, and each deploy proves it", (region) => {
  const stack = new AuditLogStack(Testing.app(), "audit");
  expect(stack).toHaveAuditLogWebhook({ region, logFormat: "json" });
  expect(stack).toHaveDeliveryGate({ region });
});
`;
