import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { DriftReport } from "../../src/gitops/drift-report.js";
import { commandLine } from "../cli/command-line.js";
import { createStage, type Stage, secretVariable, webhookHcl } from "../support/stage.js";
import { hostEnvironment } from "../support/terraform-host.js";

/** A project whose stacks are folders that terraform has been run in, as cdktf's manifest lists them. */
export async function createProject(stacks: Readonly<Record<string, string>>) {
  const cwd = await mkdtemp(join(tmpdir(), "konnect-audit-drift-"));
  const entries = Object.entries(stacks).map(([name, workingDirectory]) => [
    name,
    { name, workingDirectory },
  ]);
  await mkdir(join(cwd, "cdktf.out"));
  await writeFile(
    join(cwd, "cdktf.out/manifest.json"),
    JSON.stringify({ version: "0.21.0", stacks: Object.fromEntries(entries) }),
  );
  return {
    cwd,
    async [Symbol.asyncDispose]() {
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

/** A stage whose configuration is applied; the provider does not repeat what fails. */
export async function createAppliedStage(
  hcl: (endpoint: string) => string = (endpoint) => webhookHcl("eu", endpoint),
  options: Parameters<typeof createStage>[0] = {},
): Promise<Stage> {
  const stage = await createStage(options);
  try {
    await stage.workspace.write(
      `provider "konnectaudit" { max_retries = 0 }\n${secretVariable}${hcl(stage.endpoint)}`,
    );
    await stage.workspace.succeed("init -input=false");
    await stage.workspace.succeed("apply -input=false -auto-approve");
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
  return stage;
}

/** What a CI job has: a token that may read, and no credential of the SIEM. */
export function jobEnvironment(stage: Stage, cwd: string): Record<string, string> {
  return {
    ...hostEnvironment(),
    HOME: cwd,
    TF_CLI_CONFIG_FILE: "/dev/null",
    KONNECT_TOKEN: "kpat_planted_drift",
    KONNECT_SERVER_URL: stage.emulator.serverUrl,
  };
}

/** Runs the drift check as CI would, and answers its JSON; nothing that it prints holds what was planted. */
export async function drift(
  stage: Stage,
  cwd: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const run = await commandLine(["drift", "--no-synth", "--json", ...args], {
    cwd,
    env: { ...jobEnvironment(stage, cwd), ...env },
  });
  expect(run.stdout + run.stderr).not.toContain("planted");
  const report = run.stdout.startsWith("{") ? (JSON.parse(run.stdout) as DriftReport) : undefined;
  return { ...run, report, findings: report?.stacks.flatMap(({ findings }) => findings) ?? [] };
}
