import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A provider package that a workspace offers to Terraform. */
export interface WorkspaceProvider {
  /** `host/namespace/type`. */
  readonly address: string;
  readonly version: string;
  /** The folder with launcher and bundle. */
  readonly dir: string;
}

export interface CommandResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type TerraformWorkspace = Awaited<ReturnType<typeof createTerraformWorkspace>>;

// exec, because Terraform ends the provider by its pid,
// and nothing of the developer's Node settings.
const launcher = `#!/bin/sh
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE NODE_COMPILE_CACHE
exec node "\${0%/*}/provider.cjs" "$@"
`;

/**
 * Bundles a script that calls `serve` into a provider package.
 *
 * @param entry the TypeScript file
 * @param address the provider's source address; its last part names the executable
 */
export async function bundleProviderPackage(
  entry: string,
  { address, version }: { address: string; version: string },
): Promise<WorkspaceProvider & { executable: string; cleanup(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "provider-package-"));
  const type = address.split("/").at(-1);
  const executable = join(dir, `terraform-provider-${type}_v${version}`);
  await build({
    entryPoints: [entry],
    outfile: join(dir, "provider.cjs"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    logLevel: "warning",
  });
  await writeFile(executable, launcher, { mode: 0o755 });
  return {
    address,
    version,
    dir,
    executable,
    cleanup: () => rm(dir, { recursive: true, force: true }),
  };
}

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

  const start = (args: readonly string[], extra: Environment = {}): ChildProcess =>
    spawn(base.TERRAFORM_BINARY_NAME ?? "terraform", [...args], {
      cwd: dir,
      env: { ...base, ...extra } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });

  const workspace = {
    dir,
    start,
    write: (path: string, content: string): Promise<void> => writeInto(dir, path, content),
    read: (path: string): Promise<string> => readFile(join(dir, path), "utf8"),
    /** Runs a command to its end. */
    run: (args: readonly string[], { env: extra }: { env?: Environment } = {}) =>
      resultOf(start(args, extra)),
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
      const { stdout } = await workspace.succeed(["show", "-json"]);
      const { values } = JSON.parse(stdout) as {
        values?: {
          root_module: { resources?: { address: string; values: Record<string, unknown> }[] };
        };
      };
      const resources = values?.root_module.resources ?? [];
      const found = resources.find((resource) => resource.address === address);
      if (!found) throw new Error(`${address} is not in state`);
      return found.values;
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
export async function resultOf(child: ChildProcess): Promise<CommandResult> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}

function platform(): string {
  const architectures: Record<string, string> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
