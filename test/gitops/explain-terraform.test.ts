import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { gitopsErrors } from "../../src/gitops/errors.js";
import { planStack } from "../../src/gitops/plan-stack.js";
import { createStage, type Stage, secretVariable, webhookHcl } from "../support/stage.js";
import { finished } from "../support/terraform.js";
import { hostEnvironment, terraformHost } from "../support/terraform-host.js";

async function createAppliedStage() {
  const stage = await createStage();
  await stage.workspace.write(
    `provider "konnectaudit" { max_retries = 0 }\n${secretVariable}${webhookHcl("eu", stage.endpoint)}`,
  );
  await stage.workspace.succeed("init -input=false");
  await stage.workspace.succeed("apply -input=false -auto-approve");
  return stage;
}

function plan({ workspace, emulator }: Stage, env: Record<string, string> = {}) {
  return planStack(
    { name: "audit", folder: workspace.dir },
    {
      health: true,
      env: {
        ...hostEnvironment(),
        HOME: workspace.dir,
        TF_CLI_CONFIG_FILE: "/dev/null",
        KONNECT_TOKEN: "kpat_stage",
        KONNECT_SERVER_URL: emulator.serverUrl,
        ...env,
      },
    },
  );
}

const { program } = terraformHost();

function explained(why: RegExp, remedy: RegExp) {
  return {
    code: "GITOPS_TERRAFORM_FAILED",
    message: expect.stringMatching(new RegExp(`^${program} \\w+ failed: ${why.source}\\.\n`)),
    remedy: expect.stringMatching(remedy),
  };
}

async function untilThere(file: string): Promise<void> {
  while (!(await stat(file).catch(() => undefined))) await delay(20);
}

describe("a failure of Terraform is one clear line and a remedy", { timeout: 120_000 }, () => {
  test("when the state is locked; and a plan for the drift check does not mind the lock", async () => {
    await using stage = await createAppliedStage();
    const { workspace } = stage;
    await stage.somebody.updateWebhook("eu", { enabled: false });
    const holder = workspace.start(["apply", "-no-color"], {}, "pipe"); // waits for an approval that never comes
    const ended = finished(holder);
    try {
      await untilThere(join(workspace.dir, ".terraform.tfstate.lock.info"));
      const locked = await workspace.terraform("plan -input=false");
      expect(locked.exitCode).toBe(1);
      expect(gitopsErrors.terraformFailed("plan", 1, locked.stderr, { program })).toMatchObject(
        explained(
          /\S+@\S+ holds the state's lock, since \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
          /force-unlock [0-9a-f-]{36} /,
        ),
      );
      expect((await plan(stage)).resource_drift).toHaveLength(1);
    } finally {
      holder.kill("SIGINT");
      await ended;
    }
  });

  test("when the token has expired", async () => {
    await using stage = await createAppliedStage();
    const effect = { kind: "status", status: 401 } as const;
    stage.emulator.faults.add({ path: "/v2/audit-log-webhook", effect });
    await expect(plan(stage)).rejects.toMatchObject(
      explained(/Konnect did not accept the token/, /expired.*make a new one/),
    );
  });

  test("when the provider is missing, or is another than the lock file names", async () => {
    await using stage = await createAppliedStage();
    const { dir } = stage.workspace;
    await rm(join(dir, ".terraform"), { recursive: true });
    const lockFile = join(dir, ".terraform.lock.hcl");
    const lock = await readFile(lockFile, "utf8");
    await writeFile(lockFile, lock.replace(/h1:[^"]+/, "h1:AAAA"));
    await expect(plan(stage)).rejects.toMatchObject(
      explained(/the provider package is not the one that the lock file names/, /Synthesize again/),
    );
    await writeFile(lockFile, lock);
    await rm(join(dir, "terraform.d"), { recursive: true });
    await expect(plan(stage)).rejects.toMatchObject(
      explained(/a provider is missing/, /terraform\.d/),
    );
  });

  test("when the lock file is missing where it must not be written", async () => {
    await using stage = await createAppliedStage();
    await rm(join(stage.workspace.dir, ".terraform.lock.hcl"));
    const failed = await stage.workspace.terraform("init -input=false -lockfile=readonly");
    expect(gitopsErrors.terraformFailed("init", 1, failed.stderr, { program })).toMatchObject(
      explained(/the lock file is missing or does not name every provider/, /Synthesize again/),
    );
    // The drift check itself goes on: Terraform records the hash of the package that is there.
    expect((await plan(stage)).resource_drift).toEqual([]);
  });

  test("and what is not known is shown as Terraform says it", () => {
    const failed = (output: string) => gitopsErrors.terraformFailed("plan", 1, output);
    expect(failed("noise\n╷\n│ Error: Something new.\n")).toMatchObject({
      message: "terraform plan failed: Something new.\n╷\n│ Error: Something new.",
      remedy: expect.stringContaining("Correct what Terraform names"),
    });
    expect(failed("Killed\n").message).toBe("terraform plan failed: exit code 1.\nKilled");
  });
});
