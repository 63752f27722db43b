import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { type CleanText, cleanText } from "../core/foreign-text.js";
import { systemCode } from "../core/system-error.js";
import { readWholeText, type WholeFileOptions } from "../core/whole-file.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { gitopsErrors } from "./errors.js";
import { manifestSchema } from "./stacks.js";

/** A policy of a stack, and how the stack fared under it at synth. */
export interface PolicyOutcome {
  /** The policy with its parameters. */
  policy: CleanText;
  result: "holds" | "violated" | "not judged";
}

/** Something that a construct said at synth. */
export interface SynthMessage {
  /** Where in the tree of constructs. */
  path: CleanText;
  /** The values in addresses are masked. */
  text: CleanText;
}

/** What cdktf left beside a plan: how the configuration that was planned came to be. */
export interface Synthesis {
  policies: PolicyOutcome[];
  warnings: SynthMessage[];
  errors: SynthMessage[];
}

/** What konnect-audit's policies note, beside cdktf's own metadata. */
const noteSchema = z.looseObject({
  policies: z.record(z.string(), z.enum(["holds", "violated", "not judged"])).default({}),
});
const stackSchema = z.looseObject({
  "//": z.looseObject({ konnectAudit: noteSchema.optional() }).optional(),
});

/**
 * Reads what is known of the synthesis that a saved plan was made from.
 *
 * @param plan path of the plan, in its stack's folder
 * @returns `undefined` where no cdktf stack is, `"newer"` if it was synthesized again since: what the plan was held to is
 * unknown then
 * @throws GitopsError `GITOPS_SYNTHESIS_FILE`
 */
export async function readSynthesis(
  plan: string,
  options: WholeFileOptions = {},
): Promise<Synthesis | "newer" | undefined> {
  const folder = dirname(plan);
  const file = join(folder, "cdk.tf.json");
  const stack = await readJson(file, stackSchema, options);
  if (!stack) return undefined;
  const [synthesized, planned] = await Promise.all([stat(file), stat(plan)]);
  if (synthesized.mtimeMs > planned.mtimeMs) return "newer";
  const said = await readAnnotations(folder, options);
  const messages = (wanted: string): SynthMessage[] =>
    said
      .filter(({ level }) => level.endsWith(wanted))
      .map(({ constructPath, message }) => ({
        path: cleanText(constructPath),
        text: cleanText(maskAddresses(message), longestMessage),
      }));
  const { policies = {} } = stack["//"]?.konnectAudit ?? {};
  return {
    policies: Object.entries(policies).map(([policy, result]) => ({
      policy: cleanText(policy),
      result,
    })),
    warnings: messages("/warn"),
    errors: messages("/error"),
  };
}

/** Characters of a message of ours: they explain, so they are longer than what others say. */
const longestMessage = 2_000;

/** None for a folder that was taken out of cdktf's output. */
async function readAnnotations(folder: string, options: WholeFileOptions) {
  if (basename(dirname(folder)) !== "stacks") return [];
  const output = dirname(dirname(folder));
  const manifest = await readJson(join(output, "manifest.json"), manifestSchema, options);
  return Object.values(manifest?.stacks ?? {})
    .filter(({ workingDirectory }) => resolve(output, workingDirectory) === folder)
    .flatMap(({ annotations }) => annotations);
}

/** @returns `undefined` if there is no such file */
async function readJson<Shape>(
  file: string,
  shape: z.ZodType<Shape>,
  options: WholeFileOptions,
): Promise<Shape | undefined> {
  try {
    return shape.parse(JSON.parse(await readWholeText(file, options)));
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw gitopsErrors.synthesisFile(file, cause);
  }
}

function maskAddresses(text: string): string {
  return text.replace(/https?:\/\/[^\s"'`<>]+/g, (address) => maskEndpoint(address));
}
