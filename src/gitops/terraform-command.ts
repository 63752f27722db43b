import { basename } from "node:path";
import { environmentSecrets } from "../core/environment-secrets.js";
import { createCleaner } from "../core/foreign-text.js";
import { gitopsErrors } from "./errors.js";
import { diagnosticsOf, readableOutput } from "./plan-log.js";
import { type CommandOptions, type CommandResult, runCommand } from "./run-command.js";
import { withoutMeaningfulArguments } from "./terraform-arguments.js";

/** Environment and cancellation of the commands that a plan takes. */
export type PlanOptions = Omit<CommandOptions, "cwd" | "missing" | "grace">;

/** Milliseconds that Terraform has to stop when the check is stopped: it writes nothing that could be left half done. */
export const graceOfChecks = 700;

/** Terraform's own log would stand before its errors, and push them out of what a report shows. */
const noLog = { TF_LOG: "", TF_LOG_CORE: "", TF_LOG_PROVIDER: "" };

/**
 * Answers a function that runs Terraform (or what TERRAFORM_BINARY_NAME names) in a folder, without asking anything.
 *
 * Options in `TF_CLI_ARGS*` that change what a plan means are left out, and so is Terraform's log unless it goes to a file.
 *
 * @throws GitopsError from that function, when Terraform can't be started or fails
 */
export function terraformIn(cwd: string, { env, signal }: PlanOptions) {
  const binary = env.TERRAFORM_BINARY_NAME || "terraform";
  const clean = createCleaner(environmentSecrets(env));
  return async (...args: [string, ...string[]]): Promise<CommandResult> => {
    const automated = {
      ...withoutMeaningfulArguments(env).env,
      ...(env.TF_LOG_PATH ? {} : noLog),
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      CHECKPOINT_DISABLE: "1",
    };
    const result = await runCommand(binary, args, {
      cwd,
      env: automated,
      signal,
      grace: graceOfChecks,
      missing: gitopsErrors.terraformMissing,
    });
    if (result.exitCode === 0) return result;
    const output = `${result.stdout}\n${result.stderr}`;
    throw gitopsErrors.terraformFailed(args[0], result.exitCode, readableOutput(output), {
      program: programOf(binary, output),
      summaries: diagnosticsOf(output).map(({ summary }) => summary),
      clean,
    });
  };
}

/** The program by its file's name, or as OpenTofu calls itself in its log where a wrapper has another name. */
function programOf(binary: string, output: string): "terraform" | "tofu" {
  const isTofu = /tofu/i.test(basename(binary)) || /"tofu":"\d/.test(output);
  return isTofu ? "tofu" : "terraform";
}
