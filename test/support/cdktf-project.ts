import { execFileSync, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { platform, type WorkspaceProvider } from "./provider-package.js";
import { type CommandResult, type Environment, finished } from "./terraform.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const cdktfScript = join(root, "node_modules/cdktf-cli/bundle/bin/cdktf");

const peers = ["cdktf", "constructs", "@cdktf/provider-null"];
const dependencies = ["commander", "picocolors", "undici", "zod"];

export type CdktfProject = Awaited<ReturnType<typeof createCdktfProject>>;

/**
 * A user's cdktf project in a folder of its own, with this package installed.
 *
 * @param app the app's source, an ES module
 * @param command how cdktf starts the app
 * @param files contents by path
 * @param tarball what `npm pack` made of this package; without it the checkout is linked
 * @param packages further packages of the checkout to link
 * @param link false when somebody else installs packages
 * @param node the Node.js that runs everything, Terraform's providers and gates too. @default the one of the tests
 * @param env on top of a minimal environment; nothing else is inherited
 * @param providers offered to Terraform in the home directory, as a machine without a registry would have them
 */
export async function createCdktfProject({
  app,
  command = "node app.mjs",
  files = {},
  tarball,
  packages = [],
  link = true,
  node = process.execPath,
  env,
  providers = [],
}: {
  app?: string;
  command?: string;
  files?: Readonly<Record<string, string>>;
  tarball?: string;
  packages?: readonly string[];
  link?: boolean;
  node?: string;
  env: Environment;
  providers?: readonly WorkspaceProvider[];
}) {
  const dir = await mkdtemp(join(tmpdir(), "konnect-audit-cdktf-"));
  const home = join(dir, "home");
  if (link) {
    await linkPackages(dir, [...peers, ...(tarball ? dependencies : []), ...packages]);
    await (tarball ? unpack(tarball, dir) : symlink(root, join(dir, "node_modules/konnect-audit")));
  }
  await mkdir(home);
  for (const { address, version, dir: package_ } of providers) {
    const folder = join(home, ".terraform.d/plugins", address, version, platform());
    await cp(package_, folder, { recursive: true });
  }
  for (const [path, content] of Object.entries({ ...files, ...(app ? { "app.mjs": app } : {}) })) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  const config = { language: "typescript", app: command, sendCrashReports: "false" };
  await writeFile(join(dir, "cdktf.json"), JSON.stringify({ ...config, projectId: "e2e" }));
  const base: Environment = {
    PATH: [dirname(node), process.env.PATH].join(delimiter),
    TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME,
    HOME: home,
    CHECKPOINT_DISABLE: "1",
    CI: "true",
    FORCE_COLOR: "0",
    TF_CLI_CONFIG_FILE: "",
    ...env,
  };
  const run = (command: string, args: readonly string[], cwd: string, extra: Environment) =>
    finished(
      spawn(command, args, {
        cwd,
        env: { ...base, ...extra } as NodeJS.ProcessEnv,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  const stackFolder = (stack: string) => join(dir, "cdktf.out/stacks", stack);
  const succeeded = (result: CommandResult, command: string) => {
    if (result.exitCode === 0) return result;
    throw new Error(`${command} exited with ${result.exitCode}\n${result.stdout}${result.stderr}`);
  };
  const project = {
    dir,
    home,
    stackFolder,
    /** Runs a script of an installed package, or of the project. */
    node: (args: readonly string[], extra: Environment = {}) => run(node, args, dir, extra),
    npm: (args: readonly string[], extra: Environment = {}) => run("npm", args, dir, extra),
    /** Runs cdktf with nothing but the arguments given. */
    cdktf: (args: string, extra: Environment = {}) =>
      run(node, [cdktfScript, ...args.split(" ")], dir, extra),
    /** Runs a cdktf command that has to succeed. */
    deploy: async (stack: string, extra: Environment = {}) =>
      succeeded(await project.cdktf(`deploy ${stack} --auto-approve`, extra), "cdktf deploy"),
    konnectAudit: (args: string, extra: Environment = {}) =>
      run(node, [join(root, "dist/cli/main.js"), ...args.split(" ")], dir, extra),
    terraform: (args: string, cwd: string, extra: Environment = {}) =>
      run(process.env.TERRAFORM_BINARY_NAME ?? "terraform", args.split(" "), cwd, extra),
    writeApp: (source: string) => writeFile(join(dir, "app.mjs"), source),
    /** A stack's JSON, as synth wrote it. */
    synthesized: async (stack: string) =>
      JSON.parse(await readFile(join(stackFolder(stack), "cdk.tf.json"), "utf8")),
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true });
    },
  };
  return project;
}

async function linkPackages(dir: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const link = join(dir, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", name), link);
  }
}

async function unpack(tarball: string, dir: string): Promise<void> {
  const target = join(dir, "node_modules/konnect-audit");
  await mkdir(target);
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
}

/**
 * Packs this package as it would be published, without building it again: others use the build meanwhile.
 *
 * @returns the path of the tarball
 */
export function packPackage(folder: string): string {
  const args = ["pack", root, "--ignore-scripts", "--json", "--pack-destination", folder];
  const [packed] = JSON.parse(
    execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  ) as { filename: string }[];
  if (!packed) throw new Error("npm pack made nothing");
  return join(folder, packed.filename);
}
