import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage, providerSource, readBuiltPackage } from "../../src/package/index.js";

/** What the build wrote. */
export const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../../dist");

export interface TerraformResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Both streams, white space folded and box drawing removed, so that wrapped messages can be matched. */
  text: string;
}

export interface PlannedChange {
  address: string;
  actions: string[];
  /** Names of the attributes that the plan changes, those known after apply included. */
  changed: string[];
}

export type Environment = Record<string, string | undefined>;

export type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

/**
 * A folder with the built provider package, where the real terraform runs.
 *
 * @param env on top of a minimal environment; nothing else is inherited
 */
export async function createWorkspace(env: Environment) {
  const built = readBuiltPackage(dist);
  const dir = await mkdtemp(join(tmpdir(), "konnect-audit-e2e-"));
  installPackage(built, dir);
  await writeFile(
    join(dir, "versions.tf"),
    `terraform {
      required_providers {
        konnectaudit = { source = "${providerSource}", version = "${built.version}" }
      }
    }`,
  );
  const base: Environment = {
    PATH: process.env.PATH,
    TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME,
    HOME: dir,
    TF_CLI_CONFIG_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    ...env,
  };

  function start(args: readonly string[], extra: Environment = {}): ChildProcess {
    return spawn(base.TERRAFORM_BINARY_NAME ?? "terraform", args, {
      cwd: dir,
      env: { ...base, ...extra } as NodeJS.ProcessEnv,
    });
  }

  async function terraform(args: string, extra: Environment = {}): Promise<TerraformResult> {
    return finished(start(args.split(" "), extra));
  }

  return {
    dir,
    start,
    terraform,
    async write(hcl: string) {
      await writeFile(join(dir, "main.tf"), hcl);
    },
    /** Runs a command that has to succeed. */
    async succeed(args: string, extra?: Environment): Promise<TerraformResult> {
      const result = await terraform(args, extra);
      if (result.exitCode !== 0) {
        throw new Error(
          `terraform ${args} exited with ${result.exitCode}\n${result.stdout}${result.stderr}`,
        );
      }
      return result;
    },
    /** Plans, and answers what would change. */
    async plan(
      extra?: Environment,
    ): Promise<{ exitCode: number | null; changes: PlannedChange[] }> {
      const { exitCode, stdout, stderr } = await terraform(
        "plan -input=false -detailed-exitcode -out=plan.bin",
        extra,
      );
      if (exitCode !== 0 && exitCode !== 2) throw new Error(`plan failed\n${stdout}${stderr}`);
      const shown = await terraform("show -json plan.bin", extra);
      return { exitCode, changes: plannedChanges(shown.stdout) };
    },
    async state(): Promise<string> {
      return readFile(join(dir, "terraform.tfstate"), "utf8");
    },
    /** Attributes of one resource in state. */
    async attributes(address: string): Promise<Record<string, unknown>> {
      const [type, name] = address.split(".");
      const state = JSON.parse(await this.state()) as {
        resources: {
          type: string;
          name: string;
          instances: { attributes: Record<string, unknown> }[];
        }[];
      };
      const found = state.resources.find((entry) => entry.type === type && entry.name === name);
      const attributes = found?.instances[0]?.attributes;
      if (!attributes) throw new Error(`${address} is not in state`);
      return attributes;
    },
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Waits for a process and keeps what it printed. */
export function finished(child: ChildProcess): Promise<TerraformResult> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (exitCode) => done({ exitCode, ...output, text: folded(output) }));
  });
}

/** Ends the provider that this terraform has started, by pid. */
export function killProviderOf(terraform: ChildProcess): void {
  const processes = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const pids = processes
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match?.[2] === String(terraform.pid) && match[3]?.includes("provider.cjs"))
    .map((match) => Number(match?.[1]));
  if (pids.length === 0) throw new Error("terraform has no provider to kill");
  for (const pid of pids) process.kill(pid, "SIGKILL");
}

function folded({ stdout, stderr }: { stdout: string; stderr: string }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  return `${stdout}\n${stderr}`.replace(/\u001b\[[0-9;]*m|[│╷╵]/g, "").replace(/\s+/g, " ");
}

/** What a plan, as `terraform show -json` prints it, would change; reads are left out. */
export function plannedChanges(planJson: string): PlannedChange[] {
  const { resource_changes = [] } = JSON.parse(planJson) as {
    resource_changes?: {
      address: string;
      change: {
        actions: string[];
        before: Record<string, unknown> | null;
        after: Record<string, unknown> | null;
        after_unknown: Record<string, unknown>;
      };
    }[];
  };
  return resource_changes
    .filter(({ change }) => change.actions[0] !== "no-op" && change.actions[0] !== "read")
    .map(({ address, change: { actions, before, after, after_unknown } }) => ({
      address,
      actions,
      changed: [
        ...new Set([
          ...Object.keys(before ?? {}),
          ...Object.keys(after ?? {}),
          ...Object.keys(after_unknown),
        ]),
      ]
        .filter(
          (name) =>
            after_unknown[name] === true ||
            JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null),
        )
        .sort(),
    }));
}
