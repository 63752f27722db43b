import { gitopsErrors } from "./errors.js";
import { readableOutput } from "./plan-log.js";
import { type CommandOptions, type CommandResult, runCommand } from "./run-command.js";

/** Environment and cancellation of the commands that a plan takes. */
export type PlanOptions = Omit<CommandOptions, "cwd" | "missing">;

/**
 * Answers a function that runs Terraform (or what TERRAFORM_BINARY_NAME names) in a folder, without asking anything.
 *
 * @throws GitopsError from that function, when Terraform can't be started or fails
 */
export function terraformIn(cwd: string, { env, signal }: PlanOptions) {
  const binary = env.TERRAFORM_BINARY_NAME || "terraform";
  const automated = { ...env, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };
  return async (...args: [string, ...string[]]): Promise<CommandResult> => {
    const result = await runCommand(binary, args, {
      ...{ cwd, env: automated, signal },
      missing: gitopsErrors.terraformMissing,
    });
    if (result.exitCode === 0) return result;
    throw gitopsErrors.terraformFailed(
      args[0],
      result.exitCode,
      readableOutput(`${result.stdout}\n${result.stderr}`),
    );
  };
}
