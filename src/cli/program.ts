import { Command, CommanderError, Help, type Option } from "commander";
import pc from "picocolors";
import { exitCodeOfFailure } from "../core/process-endings.js";
import { registerAdopt } from "./commands/adopt.js";
import { registerDrift } from "./commands/drift.js";
import { registerEmulator } from "./commands/emulator.js";
import { registerEvents } from "./commands/events.js";
import { registerInit } from "./commands/init.js";
import { registerInstall } from "./commands/install.js";
import { registerListen } from "./commands/listen.js";
import { registerPreflight } from "./commands/preflight.js";
import { registerReplay } from "./commands/replay.js";
import { registerReview } from "./commands/review.js";
import { registerStatus } from "./commands/status.js";
import { registerVerify } from "./commands/verify.js";
import { cleanForUsers, describeError } from "./describe-error.js";
import type { CliIo } from "./io.js";
import { packageVersion } from "./version.js";

const registrations = [
  ...[registerInit, registerAdopt],
  ...[registerVerify, registerStatus, registerPreflight, registerReplay],
  ...[
    registerDrift,
    registerReview,
    registerInstall,
    registerListen,
    registerEvents,
    registerEmulator,
  ],
];

/**
 * Runs the command line.
 *
 * Exit codes are the same for every command that checks something: 0 all is well, 2 it is not, 1 inconclusive.
 *
 * @param args what follows the program's name
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<void> {
  const program = await createProgram(io, args);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      io.exitCode(error.exitCode === 0 ? 0 : 1);
      return;
    }
    io.stderr.write(`${errorText(error, io)}\n`);
    io.exitCode(exitCodeOfFailure(io.signal));
  }
}

async function createProgram(io: CliIo, args: readonly string[]): Promise<Command> {
  const program = new Command("konnect-audit")
    .description(
      "Audit-log webhooks as code for Kong Konnect: verify, listen, emulate, check for drift.",
    )
    .version(packageVersion())
    .showHelpAfterError("(run with --help for the options)")
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // It quotes arguments, which a script may have put together of anything.
      outputError: (text, write) => write(`${cleanForUsers(text.trimEnd(), io.env)}\n`),
    });
  program.hook("preAction", (_, command) => refuseEmptyValues(command));
  for (const register of registrations) await register(program, io, args);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Options whose value may be empty: nothing stands before a value. */
const mayBeEmpty = /Prefix$/;

/**
 * Refuses options that were given nothing: `--receiver "$RECEIVER"` of a variable that is not set asks for a receiver's evidence,
 * and must not pass for a command that asks for none.
 */
function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (mayBeEmpty.test(name) || command.getOptionValueSource(name) !== "cli") continue;
    const values = [command.getOptionValue(name)].flat();
    if (!values.some((value) => typeof value === "string" && value.trim() === "")) continue;
    command.error(`error: option '${option.flags}' was given nothing: leave it out, or fill it in`);
  }
}

/** An empty list is how an option that may be repeated begins; as a default it says nothing. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ ?\(default: \[\]\)$/, "");
}

/** An error as a user reads it: what happened, its code, and the remedy when there is one. */
function errorText(error: unknown, { env, interactive }: CliIo): string {
  const { message, code, remedy } = describeError(error, env);
  const label = pc.createColors(interactive).red("Error:");
  return `${label} ${message}${code ? ` (${code})` : ""}${remedy ? `\n${remedy}` : ""}`;
}
