import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerReview } from "../../src/cli/commands/review.js";
import { singleCommand } from "../cli/command-line.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { hostEnvironment } from "../support/terraform-host.js";
import { samplePlanJson, sampleUpdate } from "./sample-plan.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-review-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function review(args: readonly string[], env: Record<string, string> = {}) {
  return singleCommand(registerReview, ["review", ...args], {
    cwd: folder,
    env: { ...hostEnvironment(), TF_CLI_CONFIG_FILE: "/dev/null", HOME: folder, ...env },
  });
}

async function planFile(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

describe("konnect-audit review", { timeout: 120_000 }, () => {
  test("shows a saved plan with Terraform, without Konnect or any credential", async () => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    const gate = `resource "terraform_data" "gate" {
      triggers_replace = { revision = konnectaudit_webhook.eu.revision }
    }`;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint) + gate);
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    await stage.somebody.updateWebhook("eu", { log_format: "cps" });
    await workspace.write(
      secretVariable +
        webhookHcl("eu", "https://new.example.com/in?key=planted", "enabled = false") +
        webhookHcl("us", endpoint, "adopt_existing = true"),
    );
    await workspace.succeed("plan -input=false -out=plan.bin", { TF_VAR_secret: "planted second" });
    const before = stage.emulator.requests.length;
    const plan = join(workspace.dir, "plan.bin");
    const run = await review([
      plan,
      "--fail-on",
      "webhook-paused",
      "--run-url",
      "https://ci.example.com/1",
    ]);
    expect(stage.emulator.requests).toHaveLength(before);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toBe("webhook-paused: eu: Delivery stops until it is enabled again.\n");
    const risks = [...run.stdout.matchAll(/^- \*\*\S+ ([^*]+)\*\* in (\w+)/gm)];
    expect(risks.map(([, title, region]) => `${region}: ${title}`)).toEqual([
      "eu: Paused",
      "eu: Endpoint host changed",
      "eu: Gate removed",
      "us: Existing webhook adopted",
      "eu: Credential rotated",
      "eu: Format changed",
    ]);
    expect(run.stdout).toContain("log\\_format: cps → cef (set back)");
    expect(run.stdout + run.stderr).not.toContain("planted");

    const json = await workspace.succeed("show -json plan.bin");
    await planFile("audit.json", json.stdout);
    const fromJson = await review(["audit.json"]);
    expect(fromJson.exitCode).toBe(0);
    expect(fromJson.stdout).toContain("| audit | eu | update |");
  });

  test("shows a saved plan of a stack whose data folder has another name or place", async () => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    const elsewhere = { TF_DATA_DIR: ".data of terraform" };
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false", elsewhere);
    await workspace.succeed("plan -input=false -out=plan.bin", elsewhere);
    const plan = join(workspace.dir, "plan.bin");
    const run = await review([plan], elsewhere);
    expect(run.stderr).toBe("");
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("| eu | create |");
    await expect(review([plan])).rejects.toMatchObject({ code: "GITOPS_NOT_INITIALIZED" });
  });

  test("writes a file and the step's summary, and takes several plans", async () => {
    const one = await planFile("one.json", samplePlanJson([sampleUpdate({ enabled: false })]));
    const two = await planFile("two.json", samplePlanJson([]));
    const summary = join(folder, "summary.md");
    const run = await review([one, two, "--markdown", "review.md"], {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: "" });
    const text = await readFile(join(folder, "review.md"), "utf8");
    expect(text).toContain("- **🔴 Paused** in one, eu");
    expect(text).not.toContain("Policies");
    expect(await readFile(summary, "utf8")).toBe(text);
  });

  test("annotates the run's page with the risks, within GitHub Actions only", async () => {
    const plan = await planFile("stack.json", samplePlanJson([sampleUpdate({ enabled: false })]));
    const run = (env: Record<string, string>) => review([plan, "--fail-on", "any"], env);
    const annotation =
      "::error title=stack%3A webhook-paused::eu: Delivery stops until it is enabled again.\n";
    const there = await run({ GITHUB_ACTIONS: "true" });
    expect(there).toMatchObject({ exitCode: 2 });
    expect(there.stderr).toContain(annotation);
    expect(there.stdout).not.toContain("::error");
    const elsewhere = await run({});
    expect(elsewhere).toMatchObject({ exitCode: 2 });
    expect(elsewhere.stderr).not.toContain("::");
  });

  test.each([
    ["is not there", undefined, "GITOPS_PLAN_FILE", /can't be read/],
    ["is neither a plan nor JSON", "hello", "GITOPS_PLAN_FILE", /neither a saved plan nor JSON/],
    ["is empty", "", "GITOPS_PLAN_FILE", /neither a saved plan nor JSON/],
    ["is cut off", '{"format_version": "1.2"', "GITOPS_PLAN_UNREADABLE", /not JSON/],
    ["is a state", '{"version": 4}', "GITOPS_PLAN_UNREADABLE", /format_version/],
    [
      "ended with errors",
      samplePlanJson([], { errored: true }),
      "GITOPS_PLAN_FILE",
      /ended with errors/,
    ],
  ])("refuses a file that %s", async (_, content, code, message) => {
    const file = content === undefined ? "none.json" : await planFile("bad.json", content);
    await expect(review([file])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("says what to do about a saved plan outside of its stack's folder", async () => {
    const zip = Buffer.from("504b0304", "hex");
    await writeFile(join(folder, "plan.bin"), zip);
    await expect(review(["plan.bin"])).rejects.toMatchObject({
      code: "GITOPS_NOT_INITIALIZED",
      remedy: expect.stringMatching(/terraform init/),
    });
  });

  test("refuses a risk that it does not know, and names those it does", async () => {
    const file = await planFile("risk.json", samplePlanJson([]));
    await expect(review([file, "--fail-on", "format-change"])).rejects.toMatchObject({
      message: expect.stringMatching(/no risk "format-change".*format-changed/),
    });
  });
});
