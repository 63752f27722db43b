import { once } from "node:events";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import pc from "picocolors";
import type { KeyRing } from "../../receiver/key-ring.js";
import type { KeySource } from "../../receiver/key-source.js";
import type { StoredLine } from "../../receiver/stored-lines.js";
import type { CliIo } from "../io.js";
import { verificationKeys } from "../keys.js";

interface EventsFlags {
  region?: string[];
  jwks?: string;
  format: "text" | "ndjson";
}

/** Adds `konnect-audit events`: reads stored audit events, raw lines or what `listen` has written. */
export function registerEvents(program: Command, io: CliIo): void {
  const events = program.command("events").description("Read stored audit events.");
  events
    .command("verify <file>")
    .description("Verify the signature of every line; exit 0 all valid, 2 not, 1 can't tell.")
    .option("--region <names...>", "regions whose signing keys are used (default: all known)")
    .option("--jwks <file>", "read the signing keys from a file instead of from Konnect")
    .action((file: string, flags: EventsFlags) => verifyEvents(file, flags, io));
  events
    .command("parse <file>")
    .description("Print every line in one form; signatures are not checked.")
    .addOption(
      new Option("--format <name>", "what is printed")
        .choices(["text", "ndjson"])
        .default("ndjson"),
    )
    .action((file: string, flags: EventsFlags) => parseEvents(file, flags, io));
}

async function verifyEvents(file: string, flags: EventsFlags, io: CliIo): Promise<void> {
  const counts = { valid: 0, invalid: 0, unsigned: 0, unverifiable: 0 };
  const keys = await keyRing(await verificationKeys(flags, io), io);
  await keys.verify([]);
  for (const problem of keys.problems) io.stderr.write(`Mind: ${problem}.\n`);
  for await (const { number, received } of await read(file, keys, io)) {
    counts[received.signature] += 1;
    if (received.signature !== "valid") {
      await write(
        io,
        `line ${number}: ${received.event ? received.signature : "no audit event"}\n`,
      );
    }
  }
  const { valid, invalid, unsigned, unverifiable } = counts;
  await write(
    io,
    `${valid} valid, ${invalid} invalid, ${unsigned} unsigned, ${unverifiable} not verifiable.\n`,
  );
  if (unverifiable > 0) io.exitCode(1);
  else io.exitCode(invalid + unsigned > 0 ? 2 : 0);
}

async function parseEvents(file: string, { format }: EventsFlags, io: CliIo): Promise<void> {
  const { noKeys } = await import("../../receiver/key-source.js");
  const { describeEvent } = await import("../../receiver/describe-event.js");
  const colors = pc.createColors(io.interactive);
  for await (const { received } of await read(file, await keyRing(noKeys, io), io)) {
    const text = format === "text" ? describeEvent(received, colors) : JSON.stringify(received);
    if (!(await write(io, `${text}\n`))) return;
  }
}

async function keyRing(source: KeySource, { clock }: CliIo): Promise<KeyRing> {
  const { KeyRing } = await import("../../receiver/key-ring.js");
  return new KeyRing({ source, clock });
}

async function read(file: string, keys: KeyRing, io: CliIo): Promise<AsyncGenerator<StoredLine>> {
  const { readStoredLines } = await import("../../receiver/stored-lines.js");
  return readStoredLines(resolve(io.cwd, file), keys, io.clock.now());
}

/** @returns `false` when nobody reads any more, as after `| head` */
async function write({ stdout }: CliIo, text: string): Promise<boolean> {
  if (stdout.destroyed) return false;
  try {
    if (!stdout.write(text)) await once(stdout, "drain");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return false;
    throw error;
  }
}
