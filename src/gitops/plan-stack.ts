import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitopsError } from "./errors.js";
import { type PlanJson, parsePlan } from "./plan-json.js";
import { planOfQuietLog } from "./plan-log.js";
import type { Stack } from "./stacks.js";
import { type PlanOptions, terraformIn } from "./terraform-command.js";

/**
 * Plans one stack without touching Konnect or the state's lock.
 *
 * @param health whether the plan has to tell how deliveries fare
 *
 * The plan file holds the state; it goes into a folder that only this user can read, and is removed at once.
 *
 * @throws GitopsError
 */
export async function planStack(
  { folder }: Stack,
  { health, ...options }: PlanOptions & { health: boolean },
): Promise<PlanJson> {
  const terraform = terraformIn(folder, options);
  const init = async () =>
    terraform("init", "-input=false", "-no-color", ...(await lockFileFlags(folder)));
  const scratch = await mkdtemp(join(tmpdir(), "konnect-audit-plan-"));
  const file = join(scratch, "plan");
  try {
    const plan = () => terraform("plan", "-input=false", "-json", "-lock=false", `-out=${file}`);
    // A folder that is in use already is mostly ready: Terraform says so if it is not.
    const { stdout: log } = (await isInitialized(folder))
      ? await plan().catch((error) => retryAfter(init, plan, error))
      : await init().then(plan);
    const quiet = planOfQuietLog(log, health);
    if (quiet) return quiet;
    const { stdout } = await terraform("show", "-json", file);
    return parsePlan(stdout);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function retryAfter<Result>(
  init: () => Promise<unknown>,
  plan: () => Promise<Result>,
  error: unknown,
): Promise<Result> {
  if (!(error instanceof GitopsError) || !/terraform init/.test(error.message)) throw error;
  await init();
  return plan();
}

/** Whether `terraform init` has run in the folder at some time. */
export function isInitialized(folder: string): Promise<boolean> {
  return stat(join(folder, ".terraform")).then(
    () => true,
    () => false,
  );
}

/** A lock file that is complete must not change in CI; one that synth has just begun gets its hashes from init. */
async function lockFileFlags(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, ".terraform.lock.hcl"), "utf8").catch(() => "");
  const blocks = text.split(/^provider "/m).slice(1);
  const complete = blocks.length > 0 && blocks.every((block) => /hashes\s*=/.test(block));
  return complete ? ["-lockfile=readonly"] : [];
}
