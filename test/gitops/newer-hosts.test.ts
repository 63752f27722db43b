import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitopsErrors } from "../../src/gitops/errors.js";
import { explainTerraform, isInitMissing } from "../../src/gitops/explain-terraform.js";
import { commandLine } from "../cli/command-line.js";
import { createProject } from "./drift-stage.js";
import { samplePlanJson, sampleUpdate } from "./sample-plan.js";

describe("what Terraform 1.16 and OpenTofu 1.12 say under TF_IN_AUTOMATION", () => {
  test.each<[string, RegExp]>([
    [
      "Failed to get state: GET http://127.0.0.1:9/state giving up after 3 attempt(s): dial tcp 127.0.0.1:9: connect: connection refused",
      /the state can't be read/,
    ],
    ["HTTP remote state endpoint requires auth", /the state can't be read/],
    ['pq: role "nobody" does not exist', /the state can't be read/],
    ["pq: permission denied for schema terraform_remote_state", /the state can't be read/],
    ["error loading state: Failed to get state: 500", /the state can't be read/],
    ["Failed to query available provider packages", /a provider is missing/],
    ["Failed to resolve provider packages", /a provider is missing/],
    ["Required plugins are not installed", /a provider is missing/],
    ["Inconsistent dependency lock file", /the lock file is missing or does not name every/],
  ])("%s is explained", (summary, why) => {
    const failed = gitopsErrors.terraformFailed("plan", 1, `Error: ${summary}\n\n\n`);
    expect(failed.message).toMatch(why);
    expect(failed.remedy).not.toMatch(/Correct what/);
  });

  test("is told in the words of the program that ran", () => {
    const output = "Error: Failed to resolve provider packages\n\nNo.\n";
    const failed = gitopsErrors.terraformFailed("init", 1, output, { program: "tofu" });
    expect(failed.message).toMatch(/^tofu init failed: a provider is missing\./);
    expect(failed.remedy).toContain("tofu init");
    expect(failed.remedy).not.toContain("terraform init");
    expect(explainTerraform("Failed to get state: 401", "tofu")?.remedy).toMatch(
      /which OpenTofu reads.* tofu init /,
    );
    const unknown = gitopsErrors.terraformFailed("plan", 1, "Error: New\n", { program: "tofu" });
    expect(unknown.remedy).toBe("Correct what OpenTofu names. Nothing was changed.");
  });

  const lockOf = (refused: string, shown: string) =>
    `Error: Error acquiring the state lock\n\nError message: HTTP remote state already locked: ID=${refused}\nLock Info:\n  ID:        ${shown}\n  Path:\n  Operation: OperationTypeApply\n  Who:       alice@build-7\n  Version:   1.16.0\n  Created:   2026-11-20 10:00:11.5 +0000 UTC\n  Info:\n`;

  test("holds no secret of the environment, and no command of a CI system", async () => {
    await using project = await createProject({ audit: "stack" });
    await mkdir(join(project.cwd, "cdktf.out/stack/.terraform"), { recursive: true });
    const echo =
      '#!/bin/sh\necho "Error: said $KONNECT_TOKEN and"\necho ::stop-commands::x\nexit 1\n';
    await writeFile(join(project.cwd, "terraform"), echo, { mode: 0o755 });
    const env = {
      PATH: process.env.PATH ?? "",
      TERRAFORM_BINARY_NAME: join(project.cwd, "terraform"),
      KONNECT_TOKEN: "kpat_planted0123456789",
    };
    const run = await commandLine(["drift", "--no-synth"], { cwd: project.cwd, env });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("Error: said");
    expect(run.stdout).not.toMatch(/planted|::stop/);
  });

  test("of a lock names its holder only when the details are the holder's", () => {
    expect(explainTerraform(lockOf("aaaa-1", "aaaa-1"))).toMatchObject({
      why: "alice@build-7 holds the state's lock, since 2026-11-20 10:00 UTC",
      remedy: expect.stringContaining("force-unlock aaaa-1 "),
    });
    expect(explainTerraform(lockOf("aaaa-1", "bbbb-2"), "tofu")).toMatchObject({
      why: "somebody else holds the state's lock",
      remedy: expect.stringContaining("tofu force-unlock aaaa-1 "),
    });
  });

  test.each([
    "Required plugins are not installed",
    "Inconsistent dependency lock file",
    'Backend initialization required, please run "terraform init"',
    "Module not installed",
    "Provider requirements cannot be satisfied by locked dependencies",
  ])("%s makes a check initialize the folder", (summary) => {
    expect(isInitMissing([summary], "")).toBe(true);
  });

  test("of anything else does not", () => {
    expect(isInitMissing(["Unsupported block type"], "An argument is missing.")).toBe(false);
    expect(isInitMissing([], "please run: tofu init")).toBe(true);
  });
});

/** A program that fails to plan until `init` has run, as OpenTofu does after each synth with a provider of another host. */
const renamingTofu = `#!/bin/sh
echo "$1" >> commands.log
case "$1" in
  init) touch ready ;;
  plan)
    if [ ! -f ready ]; then
      echo '{"@level":"info","@message":"OpenTofu 1.12.6","type":"version","tofu":"1.12.6","ui":"1.2"}'
      echo '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Required plugins are not installed","detail":"The installed provider plugins are not consistent with the packages selected in the dependency lock file."}}'
      exit 1
    fi ;;
  show) cat plan.json ;;
esac
`;

async function createTofuProject(plan: string) {
  const project = await createProject({ audit: "stack" });
  const folder = join(project.cwd, "cdktf.out/stack");
  await mkdir(join(folder, ".terraform"), { recursive: true });
  await writeFile(join(folder, "plan.json"), plan);
  await writeFile(join(project.cwd, "tofu"), renamingTofu, { mode: 0o755 });
  const env = { PATH: process.env.PATH ?? "", TERRAFORM_BINARY_NAME: join(project.cwd, "tofu") };
  return { ...project, folder, env };
}

describe("konnect-audit under OpenTofu", () => {
  test("checks for drift after a synth: the folder is initialized once more", async () => {
    await using project = await createTofuProject(
      samplePlanJson([sampleUpdate({ enabled: false })]),
    );
    const run = await commandLine(["drift", "--no-synth"], project);
    expect(run.exitCode, run.stdout).toBe(2);
    expect(await readFile(join(project.folder, "commands.log"), "utf8")).toBe(
      "plan\ninit\nplan\nshow\n",
    );
  });

  test("has an encrypted plan shown by OpenTofu", async () => {
    await using project = await createTofuProject(
      samplePlanJson([sampleUpdate({ enabled: false })]),
    );
    const encrypted = {
      meta: { "key_provider.pbkdf2.a": "e30=" },
      encrypted_data: "AAAA",
      encryption_version: "v0",
    };
    await writeFile(join(project.folder, "plan.bin"), JSON.stringify(encrypted));
    const run = await commandLine(["review", join(project.folder, "plan.bin")], project);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toContain("- **🔴 Paused** in eu");
    expect(await readFile(join(project.folder, "commands.log"), "utf8")).toBe("show\n");
  });
});

describe("what newer plans hold", () => {
  const review = async (plan: string | Uint8Array, args: readonly string[] = []) => {
    await using project = await createProject({});
    await writeFile(join(project.cwd, "plan.json"), plan);
    return await commandLine(["review", "plan.json", ...args], project);
  };

  test("actions are shown by address and event, and never their values", async () => {
    const invocation = {
      address: "action.other_notify.team",
      type: "other_notify",
      name: "team",
      config_values: { token: "planted" },
      config_sensitive: { token: true },
      lifecycle_action_trigger: {
        triggering_resource_address: "konnectaudit_webhook.eu",
        action_trigger_event: "AfterUpdate",
        action_trigger_block_index: 0,
      },
    };
    const both = await review(
      samplePlanJson([sampleUpdate({ enabled: false })], { action_invocations: [invocation] }),
    );
    expect(both.stdout).toContain("## Audit-log webhooks: 1 change, 1 action; 1 risk");
    expect(both.stdout).toContain(
      "- **⚠️ Runs an action**: action.other\\_notify.team (AfterUpdate konnectaudit\\_webhook.eu)",
    );
    expect(both.stdout + both.stderr).not.toContain("planted");
    const invoke = {
      ...invocation,
      lifecycle_action_trigger: undefined,
      invoke_action_trigger: {},
    };
    const alone = await review(
      samplePlanJson([], { applyable: true, action_invocations: [invoke] }),
    );
    expect(alone.stdout).toContain("## Audit-log webhooks: 1 action; no risk found");
    expect(alone.stdout).not.toContain("no changes");
  });

  test("a plan of a part is said to be one", async () => {
    const { stdout } = await review(
      samplePlanJson([sampleUpdate({ enabled: false })], { complete: false }),
    );
    expect(stdout).toContain("**⚠️ Incomplete plan**");
  });

  test.each<[string, (text: string) => Uint8Array]>([
    ["UTF-16, as PowerShell writes it", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ])("JSON in %s is read", async (_, encode) => {
    const { exitCode, stdout } = await review(
      encode(samplePlanJson([sampleUpdate({ enabled: false })])),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("**🔴 Paused**");
  });

  test("a compressed file and a folder are named as what they are", async () => {
    const zipped = await review(Buffer.from("1f8b0800", "hex"));
    expect(zipped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("gunzip it") });
    const folder = await commandLine(["review", "."], {});
    expect(folder).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("it is a folder"),
    });
  });
});
