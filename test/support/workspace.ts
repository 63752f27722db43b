import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage, providerSource, readBuiltPackage } from "../../src/package/index.js";
import { type PlannedChange, plannedChanges } from "./planned-changes.js";
import { createTerraformWorkspace, type Environment } from "./terraform.js";

/** What the build wrote. */
export const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../../dist");

export type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

/**
 * A folder with the built provider package, where the real terraform runs. Commands are given as they are typed.
 *
 * @param env on top of a minimal environment; nothing else is inherited
 */
export async function createWorkspace(env: Environment) {
  const built = readBuiltPackage(dist);
  const workspace = await createTerraformWorkspace({
    files: {
      "versions.tf": `terraform {
        required_providers {
          konnectaudit = { source = "${providerSource}", version = "${built.version}" }
        }
      }`,
    },
    env,
  });
  const { dir, start, attributes } = workspace;
  installPackage(built, dir);
  const terraform = (command: string, extra: Environment = {}) =>
    workspace.run(command.split(" "), { env: extra });

  return {
    ...{ dir, start, attributes, terraform },
    write: (hcl: string) => workspace.write("main.tf", hcl),
    /** Runs a command that has to succeed. */
    succeed: (command: string, extra: Environment = {}) =>
      workspace.succeed(command.split(" "), { env: extra }),
    /** Plans, and answers what would change. */
    async plan(
      extra?: Environment,
    ): Promise<{ exitCode: number | null; changes: PlannedChange[] }> {
      const { exitCode, stdout, stderr } = await terraform(
        "plan -input=false -detailed-exitcode -out=plan.bin",
        extra,
      );
      if (exitCode !== 0 && exitCode !== 2) throw new Error(`plan failed\n${stdout}${stderr}`);
      if (exitCode === 0) return { exitCode, changes: [] };
      const shown = await terraform("show -json plan.bin", extra);
      return { exitCode, changes: plannedChanges(shown.stdout) };
    },
    /** A file's text, by its path inside the folder. */
    read: workspace.read,
    state: () => workspace.read("terraform.tfstate"),
    [Symbol.asyncDispose]: workspace.cleanup,
  };
}
