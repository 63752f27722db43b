import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotations, App, Aspects, LocalBackend, TerraformStack } from "cdktf";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { registerReview } from "../../src/cli/commands/review.js";
import { startEmulator } from "../../src/emulator/index.js";
import { readSynthesis } from "../../src/gitops/synthesis.js";
import {
  AuditLogWebhooks,
  KonnectAuditProvider,
  requireEveryRegion,
  requireTlsVerification,
} from "../../src/index.js";
import { singleCommand } from "../cli/command-line.js";
import { finished } from "../support/terraform.js";
import { hostEnvironment, terraformHost } from "../support/terraform-host.js";

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), "konnect-audit-synthesis-"));
  return () => rm(output, { recursive: true, force: true });
});

/** A stack under two policies that warns of an address, as `cdktf synth` writes it. */
function synthesize(define: (stack: TerraformStack) => void = () => {}): string {
  const app = new App({ outdir: output });
  const stack = new TerraformStack(app, "audit");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  Aspects.of(stack).add(requireEveryRegion(["us", "eu"]));
  Aspects.of(stack).add(requireTlsVerification());
  const webhooks = new AuditLogWebhooks(stack, "all", {
    regions: ["us", "eu"],
    endpoint: "https://siem.example.com/in",
  });
  Annotations.of(webhooks).addWarning("See https://siem.example.com/in?key=planted, please.");
  Annotations.of(webhooks).addInfo("Nothing to see.");
  define(stack);
  app.synth();
  return join(output, "stacks/audit");
}

/** A file where the plan would be, made after or before the synthesis. */
async function planIn(folder: string, seconds = 60): Promise<string> {
  const plan = join(folder, "plan.bin");
  await writeFile(plan, "");
  const at = new Date(Date.now() + seconds * 1_000);
  await utimes(plan, at, at);
  return plan;
}

const holding = [
  { policy: "requireEveryRegion(us, eu)", result: "holds" },
  { policy: "requireTlsVerification", result: "holds" },
];

const withProvider = (stack: TerraformStack) => void new KonnectAuditProvider(stack, "konnect");

describe("the synthesis beside a saved plan", () => {
  test("tells the policies and the warnings, without what an address keeps secret", async () => {
    await expect(readSynthesis(await planIn(synthesize(withProvider)))).resolves.toEqual({
      policies: holding,
      warnings: [{ path: "audit/all", text: "See https://siem.example.com/in?key=*** please." }],
      errors: [],
    });
  });

  test("tells the policies of a stack whose folder was taken out of cdktf's output", async () => {
    const folder = join(output, "moved");
    await rename(synthesize(withProvider), folder);
    await expect(readSynthesis(await planIn(folder))).resolves.toEqual({
      policies: holding,
      ...{ warnings: [], errors: [] },
    });
  });

  test("claims nothing for a plan that is older than it", async () => {
    const plan = await planIn(synthesize(withProvider), -60);
    await expect(readSynthesis(plan)).resolves.toBe("newer");
  });

  test("is none in a folder that cdktf did not write", async () => {
    await expect(readSynthesis(await planIn(output))).resolves.toBeUndefined();
  });

  test("tells what a synth that went on after errors has violated", async () => {
    process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS = "true"; // as cdktf's command line sets it
    onTestFinished(() => {
      delete process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS;
    });
    const folder = synthesize((stack) => {
      withProvider(stack);
      Aspects.of(stack).add(requireEveryRegion(["me"]));
    });
    await expect(readSynthesis(await planIn(folder))).resolves.toMatchObject({
      policies: expect.arrayContaining([
        ...holding,
        { policy: "requireEveryRegion(me)", result: "violated" },
      ]),
      errors: [{ path: "audit", text: expect.stringMatching(/me has none/) }],
    });
  });

  test.each([
    ["is cut off", "cdk.tf.json", "{"],
    ["has a result that is none", "cdk.tf.json", '{"//":{"konnectAudit":{"policies":{"p":"ok"}}}}'],
    ["lists no stacks", "../../manifest.json", "{}"],
  ])("is refused when its file %s", async (_, name, content) => {
    const folder = synthesize(withProvider);
    await writeFile(join(folder, name), content);
    await expect(readSynthesis(await planIn(folder))).rejects.toMatchObject({
      code: "GITOPS_SYNTHESIS_FILE",
      message: expect.stringContaining(name.replaceAll("../", "")),
    });
  });
});

describe("konnect-audit review of a synthesized stack", { timeout: 120_000 }, () => {
  test("shows the policies that Terraform took no offence at, and synth's warnings", async () => {
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const folder = synthesize(
      (stack) => void new KonnectAuditProvider(stack, "konnect", { serverUrl: emulator.serverUrl }),
    );
    await mkdir(join(output, "home"));
    const env = {
      ...hostEnvironment(),
      HOME: join(output, "home"),
      TF_CLI_CONFIG_FILE: "/dev/null",
      CHECKPOINT_DISABLE: "1",
      KONNECT_TOKEN: "kpat_planted",
    };
    const terraform = async (...args: string[]) => {
      const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
      const run = await finished(spawn(terraformHost().binary, args, { cwd: folder, env, stdio }));
      expect(run.exitCode, run.stdout + run.stderr).toBe(0);
      return run.stdout;
    };
    await terraform("init", "-input=false", "-lockfile=readonly");
    expect(JSON.parse(await terraform("validate", "-json"))).toMatchObject({
      valid: true,
      warning_count: 0,
    });
    await terraform("plan", "-input=false", "-out=plan.bin");

    const review = (file: string) =>
      singleCommand(registerReview, ["review", file], { cwd: folder, env });
    const { stdout } = await review("plan.bin");
    expect(stdout).toContain(
      "\nPolicies: requireEveryRegion(us, eu), requireTlsVerification hold.\n",
    );
    expect(stdout).toMatch(/- \*\*⚠️ Synth warns\*\* at audit\/all: See https\\:\/\/siem\./);
    expect(stdout).not.toContain("planted");

    await writeFile(join(folder, "plan.json"), await terraform("show", "-json", "plan.bin"));
    expect((await review("plan.json")).stdout).not.toMatch(/Policies|Synth/);
  });
});
