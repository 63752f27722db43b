import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as z from "zod";
import { environmentSecrets } from "../core/environment-secrets.js";
import { createCleaner } from "../core/foreign-text.js";
import { readJson } from "../verifier/read-json.js";
import { gitopsErrors } from "./errors.js";
import { type CommandOptions, runCommand } from "./run-command.js";
import { graceOfChecks } from "./terraform-command.js";

/** A synthesized stack. */
export interface Stack {
  name: string;
  /** The folder that Terraform runs in. */
  folder: string;
}

/** What a construct said at synth; the levels are cdktf's: `@cdktf/info`, `@cdktf/warn` and `@cdktf/error`. */
const annotation = z.looseObject({
  constructPath: z.string(),
  level: z.string(),
  message: z.string(),
});

/** What of cdktf's manifest.json is read. */
export const manifestSchema = z.looseObject({
  stacks: z.record(
    z.string(),
    z.looseObject({
      name: z.string(),
      workingDirectory: z.string(),
      annotations: z.array(annotation).default([]),
    }),
  ),
});

/**
 * Reads which stacks `cdktf synth` has written.
 *
 * @param output cdktf's output folder
 * @param names stacks to keep; all of them when empty
 * @param options.signal ends the wait for a manifest that is a pipe
 * @throws GitopsError `GITOPS_NO_STACKS` or `GITOPS_UNKNOWN_STACK`
 */
export async function readStacks(
  output: string,
  names: readonly string[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Stack[]> {
  const file = join(output, "manifest.json");
  const manifest = manifestSchema.safeParse(await readJson(file, signal));
  if (!manifest.success) throw gitopsErrors.noStacks(file);
  const stacks = Object.values(manifest.data.stacks).map(({ name, workingDirectory }) => ({
    name,
    folder: resolve(output, workingDirectory),
  }));
  if (stacks.length === 0) throw gitopsErrors.emptyManifest(file);
  const known = stacks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw gitopsErrors.unknownStack(unknown, known);
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}

/**
 * Runs the project's own `cdktf synth`.
 *
 * @throws GitopsError `GITOPS_SYNTH_FAILED`
 */
export async function synthesize(
  output: string,
  options: Omit<CommandOptions, "missing" | "grace">,
): Promise<void> {
  const env = { ...options.env, CHECKPOINT_DISABLE: "1", CI: "1" };
  const [command, ...args] = cdktfCommand(options.cwd);
  const result = await runCommand(command, [...args, "synth", "--output", output], {
    ...options,
    env,
    grace: graceOfChecks,
    missing: gitopsErrors.cdktfMissing,
  });
  if (result.exitCode !== 0) {
    const output = `${result.stdout}\n${result.stderr}`;
    throw gitopsErrors.synthFailed(
      result.exitCode,
      output,
      createCleaner(environmentSecrets(options.env)),
    );
  }
}

/** The cdktf command line that is installed in the project, or the one on PATH. */
function cdktfCommand(cwd: string): [string, ...string[]] {
  const require = createRequire(join(cwd, "package.json"));
  for (const name of ["cdktf-cli", "cdktn-cli"]) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { bin } = require(manifest) as { bin: Record<string, string> };
      const [script] = Object.values(bin);
      if (script) return [process.execPath, join(manifest, "..", script)];
    } catch {
      // not installed under this name
    }
  }
  return ["cdktf"];
}
