import type { Command } from "commander";
import type { CliIo } from "../io.js";

/**
 * Adds `konnect-audit emulator`. Its options are made from the emulator's schemas, which no other command has a use for:
 * they are loaded when it is asked for.
 *
 * @param args what follows the program's name
 */
export async function registerEmulator(
  program: Command,
  io: CliIo,
  args: readonly string[],
): Promise<void> {
  const command = program
    .command("emulator")
    .description("stand in for Konnect's audit-log API and deliver events, on this machine");
  if (!args.includes("emulator")) return;
  const { configureEmulator } = await import("./emulator-options.js");
  configureEmulator(command, io);
}
