import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { createStage, type Stage, secretVariable } from "../support/stage.js";
import { createProject, drift, jobEnvironment } from "./drift-stage.js";

const region = (of: string) => `module.audit.module.region["${of}"]`;

/** Webhooks two modules down, one per key of a `for_each`, each with its status and a check on it. */
async function writeModules({ workspace, endpoint }: Stage): Promise<void> {
  const providers = `terraform {
    required_providers { konnectaudit = { source = "local/konnect-audit/konnectaudit" } }
  }`;
  const variables = (...names: string[]) => names.map((name) => `variable "${name}" {}`).join("\n");
  const secret = secretVariable;
  const files = {
    "main.tf": `${secret}
      module "audit" {
        source   = "./audit"
        endpoint = "${endpoint}"
        secret   = var.secret
      }`,
    "audit/main.tf": `${providers}\n${secret}\n${variables("endpoint")}
      module "region" {
        source   = "./region"
        for_each = toset(["eu", "us"])
        region   = each.key
        endpoint = var.endpoint
        secret   = var.secret
      }`,
    "audit/region/main.tf": `${providers}\n${secret}\n${variables("region", "endpoint")}
      resource "konnectaudit_webhook" "this" {
        region        = var.region
        endpoint      = var.endpoint
        authorization = var.secret
      }
      data "konnectaudit_webhook_status" "this" { region = konnectaudit_webhook.this.region }
      resource "terraform_data" "gate" {
        triggers_replace = { revision = konnectaudit_webhook.this.revision }
        provisioner "local-exec" {
          command = "echo konnect-audit verify --region \${var.region}"
        }
      }
      check "delivery" {
        assert {
          condition     = data.konnectaudit_webhook_status.this.healthy != false
          error_message = "The SIEM refuses events of \${var.region}."
        }
      }`,
  };
  for (const [path, content] of Object.entries(files)) {
    const file = join(workspace.dir, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, content);
  }
}

function unverifiable({ report }: Awaited<ReturnType<typeof drift>>) {
  return report?.stacks[0]?.unverifiable.map(({ resource }) => resource);
}

describe("webhooks in called modules", { timeout: 120_000 }, () => {
  test("are checked and reviewed like those of the root module, by their full address", async () => {
    await using stage = await createStage();
    const { workspace, somebody, emulator } = stage;
    await writeModules(stage);
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    await using project = await createProject({ audit: workspace.dir });

    const inSync = await drift(stage, project.cwd);
    expect(inSync.exitCode, inSync.stdout).toBe(0);
    const webhooks = ["eu", "us"].map((of) => `${region(of)}.konnectaudit_webhook.this`);
    expect(unverifiable(inSync)).toEqual(webhooks);

    emulator.faults.add({ region: "eu", delivery: { kind: "receiver", status: 403 } });
    await somebody.getWebhook("eu");
    await somebody.updateWebhook("us", { log_format: "json" });
    await emulator.idle();
    const found = await drift(stage, project.cwd);
    expect(found.exitCode).toBe(2);
    expect(found.findings.map(({ kind, resource, actual }) => [kind, resource, actual])).toEqual([
      ["drift", `${region("us")}.konnectaudit_webhook.this`, "json"],
      ["delivery failing", `${region("eu")}.check.delivery`, "The SIEM refuses events of eu."],
    ]);
    expect(unverifiable(found)).toEqual([...webhooks, `${region("us")}.check.delivery`]);

    const status = { region: "eu", path: "/v2/audit-log-webhook/status" };
    emulator.faults.add({ ...status, effect: { kind: "status", status: 403 } });
    const blind = await drift(stage, project.cwd);
    expect(blind.exitCode).toBe(1);
    expect(blind.report?.stacks[0]?.healthErrors.map(({ resource }) => resource)).toEqual([
      `${region("eu")}.data.konnectaudit_webhook_status.this`,
    ]);

    await workspace.write(secretVariable);
    await workspace.succeed("plan -input=false -out=plan.bin");
    const { stdout } = await commandLine(["review", join(workspace.dir, "plan.bin")], {
      cwd: project.cwd,
      env: jobEnvironment(stage, project.cwd),
    });
    const risks = [...stdout.matchAll(/^- \*\*\S+ ([^*]+)\*\* in (.+?): /gm)];
    expect(risks.map(([, risk, place]) => `${risk} in ${place?.replaceAll("\\", "")}`)).toEqual([
      "Removed in eu",
      "Removed in us",
      ...["eu", "us"].map((of) => `Gate removed in ${of}`),
    ]);
  });
});
