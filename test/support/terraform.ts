import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platform, type WorkspaceProvider } from "./provider-package.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, white space folded and box drawing removed, so that wrapped messages can be matched. */
  readonly text: string;
}

export type TerraformWorkspace = Awaited<ReturnType<typeof createTerraformWorkspace>>;

/**
 * A temporary folder in which the real terraform finds some providers and some files.
 *
 * @param providers offered under `terraform.d/plugins`
 * @param files contents by path
 * @param env for every command, on top of a minimal environment
 */
export async function createTerraformWorkspace({
  providers = [],
  files = {},
  env = {},
}: {
  providers?: readonly WorkspaceProvider[];
  files?: Readonly<Record<string, string>>;
  env?: Environment;
}) {
  const dir = await mkdtemp(join(tmpdir(), "terraform-workspace-"));
  const base: Environment = {
    PATH: process.env.PATH,
    TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME,
    HOME: dir,
    TMPDIR: dir,
    TF_CLI_CONFIG_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    ...env,
  };
  for (const provider of providers) {
    const target = join(dir, "terraform.d/plugins", provider.address, provider.version, platform());
    await cp(provider.dir, target, { recursive: true });
  }

  for (const [path, content] of Object.entries(files)) await writeInto(dir, path, content);

  /** @param stdin "pipe" lets a command wait for an answer; without it, it gets none */
  const start = (
    args: readonly string[],
    extra: Environment = {},
    stdin: "ignore" | "pipe" = "ignore",
  ): ChildProcess =>
    spawn(base.TERRAFORM_BINARY_NAME ?? "terraform", [...args], {
      cwd: dir,
      env: { ...base, ...extra } as NodeJS.ProcessEnv,
      stdio: [stdin, "pipe", "pipe"],
    });

  const workspace = {
    dir,
    start,
    write: (path: string, content: string): Promise<void> => writeInto(dir, path, content),
    read: (path: string): Promise<string> => readFile(join(dir, path), "utf8"),
    /** Runs a command to its end. */
    run: (args: readonly string[], { env: extra }: { env?: Environment } = {}) =>
      finished(start(args, extra)),
    /** Runs a command that has to succeed. */
    async succeed(args: readonly string[], options: { env?: Environment } = {}) {
      const result = await workspace.run(args, options);
      if (result.exitCode === 0) return result;
      throw new Error(
        `terraform ${args.join(" ")} exited with ${result.exitCode}\n${result.stdout}${result.stderr}`,
      );
    },
    /** What `plan -detailed-exitcode` says: 0 nothing to do, 2 changes, 1 failure. */
    async planExitCode(...args: readonly string[]): Promise<number | null> {
      const plan = ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args];
      return (await workspace.run(plan)).exitCode;
    },
    /** The attributes of a resource in state, by its address. */
    async attributes(address: string): Promise<Record<string, unknown>> {
      const state = JSON.parse(await workspace.read("terraform.tfstate")) as {
        resources: {
          type: string;
          name: string;
          instances: { attributes: Record<string, unknown> }[];
        }[];
      };
      const found = state.resources.find(({ type, name }) => `${type}.${name}` === address);
      const attributes = found?.instances[0]?.attributes;
      if (!attributes) throw new Error(`${address} is not in state`);
      return attributes;
    },
    cleanup: () => rm(dir, { recursive: true, force: true }),
  };
  return workspace;
}

async function writeInto(dir: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), content);
}

/** Waits for a process to end and keeps what it printed. */
export function finished(child: ChildProcess): Promise<CommandResult> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...output, text: folded(output) }));
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
