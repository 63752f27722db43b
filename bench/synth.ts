import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, DataResource, TerraformStack } from "cdktf";
import { TerraformData } from "../src/constructs/terraform-data.js";
import { AuditLogWebhook, KonnectAuditProvider, Secret } from "../src/index.js";
import { interleaved } from "./measure.js";

export interface SynthBench {
  count: number;
  rounds: number;
}

/**
 * Synth of webhooks, with a secret and a health check each, against the same number of cdktf's own `DataResource`s.
 *
 * Most of a `DataResource` is cdktf's question for Terraform's version, a process each; `plain` is the same resource
 * without it.
 */
export async function benchSynth({ count, rounds }: SynthBench) {
  const times = await interleaved(rounds, {
    webhooks: () => synthesize(count, addWebhook),
    dataResources: () => synthesize(count, addDataResource),
    plain: () => synthesize(count, addPlain),
  });
  return { ratio: times.webhooks / times.dataResources, ...times };
}

type AddElement = (stack: TerraformStack, index: number) => unknown;

function synthesize(count: number, add: AddElement): void {
  const outdir = mkdtempSync(join(tmpdir(), "konnect-audit-bench-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "bench");
    if (add === addWebhook) new KonnectAuditProvider(stack, "konnect");
    for (let index = 0; index < count; index++) add(stack, index);
    app.synth();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const addWebhook: AddElement = (stack, index) =>
  new AuditLogWebhook(stack, `w${index}`, {
    region: `r${index}x`, // made up: well-formed, and as many as wanted
    endpoint: "https://siem.example.com/audit-logs",
    authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer "),
  });

const addDataResource: AddElement = (stack, index) =>
  new DataResource(stack, `w${index}`, { triggersReplace: { index } });

const addPlain: AddElement = (stack, index) =>
  new TerraformData(stack, `w${index}`, { triggersReplace: { index: String(index) } });
