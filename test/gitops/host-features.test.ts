import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePlan } from "../../src/gitops/plan-json.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { commandLine } from "../cli/command-line.js";
import { createCdktfProject } from "../support/cdktf-project.js";
import { provideNullProvider } from "../support/null-provider.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { isAtLeast, terraformHost } from "../support/terraform-host.js";
import { createAppliedStage, createProject, drift, jobEnvironment } from "./drift-stage.js";

const host = terraformHost();
const isTofu = host.product === "OpenTofu";
const gate = `resource "terraform_data" "gate" {
  triggers_replace = { revision = konnectaudit_webhook.eu.revision }
}
`;

describe("a drift check makes a stack's folder ready by itself", { timeout: 180_000 }, () => {
  test("after each synth, when the gate's provider is of the host's own registry", async () => {
    const nullProvider = await provideNullProvider();
    await using stage = await createStage();
    await using project = await createCdktfProject({
      app: `
        import { App, TerraformStack } from "cdktf";
        import { AuditLogWebhook, KonnectAuditProvider, Secret } from "konnect-audit";
        const app = new App();
        const stack = new TerraformStack(app, "audit");
        new KonnectAuditProvider(stack, "konnect");
        new AuditLogWebhook(stack, "eu", {
          region: "eu",
          endpoint: "${stage.endpoint}",
          authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
          gate: { carrier: "null_resource", within: "20s" },
        });
        app.synth();`,
      providers: nullProvider.providers,
      env: { KONNECT_TOKEN: "kpat_stage", KONNECT_SERVER_URL: stage.emulator.serverUrl },
    });
    await project.deploy("audit", { TF_VAR_SIEM_AUTHORIZATION: "Bearer first" });
    for (const _ of ["once", "twice"]) {
      const run = await project.konnectAudit("drift");
      expect(run.exitCode, run.text).toBe(0);
      expect(run.text).toContain("In sync: 1 of 1 stack in sync.");
    }
    await nullProvider.cleanup();
  });

  test.each([".terraform/providers", ".terraform.lock.hcl"])("when %s is gone", async (gone) => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    await rm(join(stage.workspace.dir, gone), { recursive: true });
    const run = await drift(stage, project.cwd);
    expect(run.exitCode, run.stdout).toBe(0);
  });
});

/** What a review and a drift check say of the configuration as it is now. */
async function judged(stage: Awaited<ReturnType<typeof createAppliedStage>>) {
  const { workspace } = stage;
  await workspace.succeed("plan -input=false -out=plan.bin");
  const shown = await workspace.succeed("show -json plan.bin");
  const { changes, risks } = reviewPlan("audit", parsePlan(shown.stdout));
  await using project = await createProject({ audit: workspace.dir });
  const { exitCode, findings } = await drift(stage, project.cwd);
  return {
    exitCode,
    changes: changes.map(({ resource, action }) => `${action} ${resource}`),
    risks: risks.map(({ name, resource }) => `${name} ${resource}`),
    findings: findings.map(({ kind, resource, expected, actual }) => [
      ...[kind, resource],
      `${expected}, ${actual}`,
    ]),
  };
}

describe("what Terraform lets go of", { timeout: 120_000 }, () => {
  test("by a removed block is one finding, and a risk", async () => {
    await using stage = await createAppliedStage();
    await stage.workspace.write(
      `${secretVariable}removed {\n  from = konnectaudit_webhook.eu\n  lifecycle {\n    destroy = false\n  }\n}\n`,
    );
    expect(await judged(stage)).toEqual({
      exitCode: 2,
      changes: ["forget konnectaudit_webhook.eu"],
      risks: ["webhook-removed konnectaudit_webhook.eu"],
      findings: [
        ["pending", "konnectaudit_webhook.eu", "no longer managed after the next apply, there"],
      ],
    });
  });

  const lack =
    isTofu || isAtLeast(host, "1.16") ? "" : " (SKIPPED: needs Terraform 1.16 or OpenTofu)";
  test.skipIf(lack)(
    `while it is replaced (destroy = false) is told as a replacement${lack}`,
    async () => {
      const hcl = (endpoint: string) =>
        webhookHcl("eu", endpoint, "lifecycle {\n    destroy = false\n  }") + gate;
      await using stage = await createAppliedStage(hcl);
      await stage.workspace.succeed("taint konnectaudit_webhook.eu");
      expect(await judged(stage)).toEqual({
        exitCode: 2,
        changes: ["replace and keep konnectaudit_webhook.eu"],
        risks: [],
        findings: [
          [
            ...["pending", "konnectaudit_webhook.eu"],
            "made anew by the next apply, which forgets the old object, there",
          ],
          ["pending", "terraform_data.gate", "replaced by the next apply, there"],
        ],
      });
    },
  );
});

const encryption = `terraform {
  encryption {
    key_provider "pbkdf2" "key" {
      passphrase = "a passphrase that is long enough"
    }
    method "aes_gcm" "plans" {
      keys = key_provider.pbkdf2.key
    }
    plan {
      method = method.aes_gcm.plans
    }
  }
}
`;

describe("an encrypted plan", { timeout: 120_000 }, () => {
  const lack = isTofu ? "" : " (SKIPPED: needs OpenTofu)";
  test.skipIf(lack)(`is reviewed, and drift of its stack is found${lack}`, async () => {
    await using stage = await createAppliedStage(
      (endpoint) => encryption + webhookHcl("eu", endpoint),
    );
    await stage.somebody.updateWebhook("eu", { enabled: false });
    await stage.workspace.succeed("plan -input=false -out=plan.bin");
    const plan = join(stage.workspace.dir, "plan.bin");
    expect(await readFile(plan, "utf8")).toContain('"encrypted_data"');
    await using project = await createProject({ audit: stage.workspace.dir });
    const env = jobEnvironment(stage, project.cwd);
    const run = await commandLine(["review", plan], { cwd: project.cwd, env });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/eu \| update/);
    expect((await drift(stage, project.cwd)).findings).toMatchObject([{ field: "enabled" }]);
  });
});

describe("a saved plan of a rotation, applied without the credential", { timeout: 120_000 }, () => {
  // What docs/guides/hosts.md says of it, and why the pipelines in examples/ci look for the variable themselves.
  test(`is ${isTofu ? "taken, and writes nothing" : "refused"} by the host`, async () => {
    await using stage = await createAppliedStage();
    const { workspace } = stage;
    await workspace.succeed("plan -input=false -out=plan.bin", { TF_VAR_secret: "Bearer second" });
    const applied = await workspace.terraform("apply -input=false plan.bin", {
      TF_VAR_secret: undefined,
    });
    expect(applied.exitCode, applied.text).toBe(isTofu ? 0 : 1);
    if (isTofu) expect(applied.text).toContain("0 added, 0 changed, 0 destroyed");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
  });
});
