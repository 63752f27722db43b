import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlanJson, parsePlan } from "./plan-json.js";
import type { Stack } from "./stacks.js";
import { type PlanOptions, terraformIn } from "./terraform-command.js";

/**
 * Plans one stack without touching Konnect or the state's lock.
 *
 * The plan file holds the state; it goes into a folder that only this user can read, and is removed at once.
 *
 * @throws GitopsError
 */
export async function planStack({ folder }: Stack, options: PlanOptions): Promise<PlanJson> {
  const terraform = terraformIn(folder, options);
  await terraform("init", "-input=false", "-no-color", ...(await lockFileFlags(folder)));
  const scratch = await mkdtemp(join(tmpdir(), "konnect-audit-plan-"));
  const file = join(scratch, "plan");
  try {
    await terraform("plan", "-input=false", "-no-color", "-lock=false", `-out=${file}`);
    const { stdout } = await terraform("show", "-json", file);
    return parsePlan(stdout);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A lock file that is complete must not change in CI; one that synth has just begun gets its hashes from init. */
async function lockFileFlags(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, ".terraform.lock.hcl"), "utf8").catch(() => "");
  const blocks = text.split(/^provider "/m).slice(1);
  const complete = blocks.length > 0 && blocks.every((block) => /hashes\s*=/.test(block));
  return complete ? ["-lockfile=readonly"] : [];
}
