import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { secretVariable, webhookHcl } from "../support/stage.js";
import { createAppliedStage, createProject, drift, jobEnvironment } from "./drift-stage.js";

const revision = 'output "revision" { value = konnectaudit_webhook.eu.revision }\n';
const health = `data "konnectaudit_webhook_status" "eu" { region = "eu" }
locals { attempt = data.konnectaudit_webhook_status.eu.last_attempt_at }
output "attempt" { value = data.konnectaudit_webhook_status.eu.last_attempt_at }
output "by_local" { value = local.attempt }
`;

describe("outputs of a stack", { timeout: 120_000 }, () => {
  test("whose value is only known after apply keep neither drift nor review from their verdict", async () => {
    await using stage = await createAppliedStage(
      (endpoint) => webhookHcl("eu", endpoint) + revision,
    );
    await using project = await createProject({ audit: stage.workspace.dir });
    expect((await drift(stage, project.cwd)).exitCode).toBe(0);
    await stage.somebody.updateWebhook("eu", { enabled: false });
    const found = await drift(stage, project.cwd);
    expect(found.exitCode, found.stdout).toBe(2);
    expect(found.findings).toMatchObject([{ kind: "drift", field: "enabled", actual: "false" }]);
    await stage.workspace.succeed("plan -input=false -out=plan.bin");
    const review = await commandLine(["review", join(stage.workspace.dir, "plan.bin")], {
      cwd: project.cwd,
      env: jobEnvironment(stage, project.cwd),
    });
    expect(review.exitCode, review.stderr).toBe(0);
    expect(review.stdout).toContain("enabled: false → true (set back)");
  });

  test("that follow a data source are no finding; those whose code has changed are one each", async () => {
    await using stage = await createAppliedStage((endpoint) => webhookHcl("eu", endpoint) + health);
    await using project = await createProject({ audit: stage.workspace.dir });
    await stage.somebody.getWebhook("eu");
    await stage.emulator.idle();
    const plan = await stage.workspace.succeed("plan -input=false -no-color");
    expect(plan.stdout).toMatch(/Changes to Outputs:[\s\S]*attempt/);
    for (const mode of ["on", "off"]) {
      const same = await drift(stage, project.cwd, [`--health=${mode}`]);
      expect(same.exitCode, same.stdout).toBe(0);
    }
    await stage.workspace.write(
      `${secretVariable}${webhookHcl("eu", stage.endpoint)}${health}output "new" { value = 1 }\n`,
    );
    const changed = await drift(stage, project.cwd);
    expect(changed.exitCode).toBe(2);
    expect(changed.findings.map(({ resource }) => resource)).toEqual(["output.new"]);
  });
});
