import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CleanUps } from "../core/clean-ups.js";
import { readWholeText } from "../core/whole-file.js";
import { GitopsError, gitopsErrors } from "./errors.js";
import { isInitMissing } from "./explain-terraform.js";
import { type PlanJson, parsePlan } from "./plan-json.js";
import { planOfQuietLog } from "./plan-log.js";
import { withScratchFolder } from "./scratch-folder.js";
import { withCommands } from "./stack-commands.js";
import type { Stack } from "./stacks.js";
import { type PlanOptions, terraformIn } from "./terraform-command.js";

/**
 * Plans one stack without touching Konnect or the state's lock.
 *
 * @param options.health true if the plan has to show how deliveries fare
 * @param options.cleanUps where the removal of the plan file is registered, which holds the state. @default none
 * @throws GitopsError
 */
export async function planStack(
  { folder }: Stack,
  {
    health,
    cleanUps = new CleanUps(),
    ...options
  }: PlanOptions & { health: boolean; cleanUps?: CleanUps | undefined },
): Promise<PlanJson> {
  const terraform = terraformIn(folder, options);
  const init = async () =>
    terraform("init", "-input=false", "-no-color", ...(await lockFileFlags(folder)));
  return withScratchFolder(cleanUps, async (scratch) => {
    const file = join(scratch, "plan");
    const plan = () => terraform("plan", "-input=false", "-json", "-lock=false", `-out=${file}`);
    // A folder that is in use already is mostly ready: Terraform says so if it is not.
    const { stdout: log } = (await isInitialized(folder, options.env))
      ? await plan().catch((error) => retryAfter(init, plan, error))
      : await init().then(plan);
    const quiet = health ? undefined : planOfQuietLog(log);
    if (quiet) return quiet;
    const { stdout } = await terraform("show", "-json", "-no-color", file);
    return withCommands(whole(parsePlan(stdout)), folder, options.env);
  });
}

/** A plan of a part says nothing of the rest. */
function whole(plan: PlanJson): PlanJson {
  if (plan.errored || plan.complete === false || plan.deferred_changes.length > 0) {
    throw gitopsErrors.planIncomplete();
  }
  return plan;
}

async function retryAfter<Result>(
  init: () => Promise<unknown>,
  plan: () => Promise<Result>,
  error: unknown,
): Promise<Result> {
  const canHelp = error instanceof GitopsError && isInitMissing(error.summaries, error.message);
  if (!canHelp) throw error;
  await init();
  return plan();
}

/** True if `terraform init` has run in the folder at some time. @param env may name another data folder */
export function isInitialized(folder: string, env: PlanOptions["env"]): Promise<boolean> {
  return stat(resolve(folder, env.TF_DATA_DIR || ".terraform")).then(
    () => true,
    () => false,
  );
}

/** A lock file that is complete must not change in CI; one that synth has just begun gets its hashes from init. */
async function lockFileFlags(folder: string): Promise<string[]> {
  const text = await readWholeText(join(folder, ".terraform.lock.hcl")).catch(() => "");
  const blocks = text.split(/^provider "/m).slice(1);
  const complete = blocks.length > 0 && blocks.every((block) => /hashes\s*=/.test(block));
  return complete ? ["-lockfile=readonly"] : [];
}
