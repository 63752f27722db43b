import { Command, CommanderError } from "commander";
import { exitCodeOfFailure } from "../core/process-endings.js";
import { registerPreflight } from "./commands/preflight.js";
import { registerVerify } from "./commands/verify.js";
import { describeError } from "./describe-error.js";
import type { CliIo } from "./io.js";
import { runInProcess } from "./process-io.js";

// The verifier as one file: a stack's gate runs it in the deploy, wherever the stack's folder was moved to. It takes
// the flags of `konnect-audit verify` and `preflight`, and prints the few lines that Terraform shows; secrets come from
// the environment only.

async function run(args: readonly string[], io: CliIo): Promise<void> {
  const program = new Command("verify.cjs").exitOverride();
  registerVerify(program, io);
  registerPreflight(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...args, "--brief"], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return io.exitCode(error.exitCode === 0 ? 0 : 1);
    io.stderr.write(`${errorText(error, io)}\n`);
    io.exitCode(exitCodeOfFailure(io.signal));
  }
}

function errorText(error: unknown, { env }: CliIo): string {
  const { message, remedy } = describeError(error, env);
  return remedy ? `${message}\n  Fix: ${remedy}` : message;
}

void runInProcess((io) => run(process.argv.slice(2), { ...io, interactive: false }));
