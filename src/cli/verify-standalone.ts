import { Command, CommanderError } from "commander";
import { exitCodeOfFailure } from "../core/process-endings.js";
import { registerPreflight } from "./commands/preflight.js";
import { registerVerify } from "./commands/verify.js";
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
    io.stderr.write(`${describe(error)}\n`);
    io.exitCode(exitCodeOfFailure(io.signal));
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = "remedy" in error && typeof error.remedy === "string" ? error.remedy : undefined;
  return remedy ? `${error.message}\n  Fix: ${remedy}` : error.message;
}

void runInProcess((io) => run(process.argv.slice(2), { ...io, interactive: false }));
