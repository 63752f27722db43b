import { open, readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { gitopsErrors } from "./errors.js";
import { type PlanJson, parsePlan } from "./plan-json.js";
import { isInitialized } from "./plan-stack.js";
import { readSynthesis, type Synthesis } from "./synthesis.js";
import { type PlanOptions, terraformIn } from "./terraform-command.js";

/** A plan, and what to call it. */
export interface NamedPlan {
  name: string;
  plan: PlanJson;
  /** What cdktf left beside a saved plan. */
  synthesis?: Synthesis | "newer" | undefined;
}

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
  if (await isSavedPlan(path)) {
    const folder = dirname(path);
    if (!(await isInitialized(folder))) throw gitopsErrors.notInitialized(folder);
    const { stdout } = await terraformIn(folder, options)("show", "-json", path);
    return {
      name: basename(folder),
      plan: complete(path, parsePlan(stdout)),
      synthesis: await readSynthesis(path),
    };
  }
  const text = await readFile(path, "utf8");
  if (!text.trimStart().startsWith("{")) {
    throw gitopsErrors.planFile(path, "it is neither a saved plan nor JSON");
  }
  return { name: basename(path, extname(path)), plan: complete(path, parsePlan(text)) };
}

/** A saved plan is a zip file. */
async function isSavedPlan(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw gitopsErrors.planFile(path, "it can't be read", cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } catch (cause) {
    throw gitopsErrors.planFile(path, "it can't be read", cause);
  } finally {
    await file.close();
  }
}

/** A plan that ended in errors says nothing about what it did not get to. */
function complete(path: string, plan: PlanJson): PlanJson {
  if (plan.errored) throw gitopsErrors.planFile(path, "planning ended with errors");
  return plan;
}
