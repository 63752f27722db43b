import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTerraformWorkspace, finished } from "../support/terraform.js";
import { bundleThings, fullThing, things } from "./things.js";

describe("a provider that a developer started", () => {
  let provider: Awaited<ReturnType<typeof bundleThings>>;
  let workspace: Awaited<ReturnType<typeof createTerraformWorkspace>>;

  beforeAll(async () => {
    provider = await bundleThings();
    workspace = await createTerraformWorkspace({ files: { "main.tf": things(fullThing()) } });
  });
  afterAll(async () => {
    await workspace?.cleanup();
    await provider?.cleanup();
  });

  test("serves one command after the other with no init, until it is interrupted", async () => {
    const child = spawn(provider.executable, ["--debug"], {
      cwd: workspace.dir,
      env: { PATH: process.env.PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = finished(child);
    try {
      const instructions = await new Promise<string>((resolve) => {
        let seen = "";
        child.stdout.on("data", (text: Buffer) => {
          seen += text;
          if (seen.includes("Ctrl-C")) resolve(seen);
        });
      });
      const [, config = ""] = /export TF_REATTACH_PROVIDERS='(.*)'/.exec(instructions) ?? [];
      const socket = JSON.parse(config)["local/test/things"].Addr.String as string;
      expect(statSync(dirname(socket)).mode & 0o077).toBe(0);

      const env = { TF_REATTACH_PROVIDERS: config };
      await workspace.succeed(["apply", "-auto-approve", "-input=false"], { env });
      const plan = await workspace.run(["plan", "-detailed-exitcode"], { env });
      expect(plan.exitCode).toBe(0);
      await workspace.succeed(["destroy", "-auto-approve"], { env });
      expect(child.exitCode).toBeNull();

      child.kill("SIGINT");
      expect((await ended).exitCode).toBe(0);
      expect(existsSync(dirname(socket))).toBe(false);
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
});
