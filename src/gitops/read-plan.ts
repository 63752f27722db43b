import { basename, dirname, extname, resolve } from "node:path";
import { type CleanText, cleanText } from "../core/foreign-text.js";
import { parseJson } from "../core/json.js";
import { NoRegularFileError, openRegularFile } from "../core/regular-file.js";
import { gitopsErrors } from "./errors.js";
import { type PlanJson, parsePlan } from "./plan-json.js";
import { isInitialized } from "./plan-stack.js";
import { readText } from "./read-text.js";
import { withCommands } from "./stack-commands.js";
import { readSynthesis, type Synthesis } from "./synthesis.js";
import { type PlanOptions, terraformIn } from "./terraform-command.js";

/** A plan, and what to call it. */
export interface NamedPlan {
  name: CleanText;
  plan: PlanJson;
  /** What cdktf left beside a saved plan. */
  synthesis?: Synthesis | "newer" | undefined;
}

/** Bytes of a plan's file: more than any has, and less than a string can hold. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Reads a plan: a saved one, which Terraform shows in the plan's own folder, or the output of `terraform show -json`.
 *
 * A saved plan is named after its folder, which is the stack's; JSON after its file.
 *
 * @throws GitopsError
 */
export async function readPlan(
  file: string,
  { cwd, ...options }: PlanOptions & { cwd: string },
): Promise<NamedPlan> {
  const path = resolve(cwd, file);
  const content = await readContent(path, options.signal);
  if (content !== "a zip file" && !isEncryptedPlan(content)) {
    if (!content.trimStart().startsWith("{")) {
      throw gitopsErrors.planFile(path, "it is neither a saved plan nor JSON");
    }
    const name = cleanText(basename(path, extname(path)));
    return { name, plan: complete(path, parsePlan(content)) };
  }
  const folder = dirname(path);
  if (!(await isInitialized(folder, options.env))) throw gitopsErrors.notInitialized(folder);
  const { stdout } = await terraformIn(folder, options)("show", "-json", "-no-color", path);
  return {
    name: cleanText(basename(folder)),
    plan: await withCommands(complete(path, parsePlan(stdout)), folder, options.env),
    synthesis: await readSynthesis(path, { signal: options.signal }),
  };
}

/** The text of a file; a saved plan is a zip file, which Terraform has to read. */
async function readContent(
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | "a zip file"> {
  const unreadable = (cause: unknown) => {
    const reason = cause instanceof NoRegularFileError ? cause.message : "it can't be read";
    throw gitopsErrors.planFile(path, reason, cause);
  };
  const { file, stats } = await openRegularFile(path).catch(unreadable);
  try {
    if (stats.size > mostBytes) throw gitopsErrors.planFile(path, "it is larger than any plan");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50) return "a zip file";
    if (buffer.readUInt16LE(0) === 0x8b1f) {
      throw gitopsErrors.planFile(path, "it is compressed: gunzip it first");
    }
  } finally {
    await file.close();
  }
  return readText(path, { limit: mostBytes, signal }).catch(unreadable);
}

/** OpenTofu encrypts saved plans on request: they are JSON then, which only OpenTofu can read. */
function isEncryptedPlan(content: string): boolean {
  const json = parseJson(content);
  return (
    typeof json === "object" &&
    json !== null &&
    "encrypted_data" in json &&
    !("format_version" in json)
  );
}

/** A plan that ended in errors says nothing about what it did not get to. */
function complete(path: string, plan: PlanJson): PlanJson {
  if (plan.errored) throw gitopsErrors.planFile(path, "planning ended with errors");
  return plan;
}
