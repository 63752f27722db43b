import { resolve } from "node:path";
import { type Command, Help, InvalidArgumentError } from "commander";
import * as z from "zod";
import { parseJson } from "../../core/json.js";
import { systemCode } from "../../core/system-error.js";
import { readRegularTextSync } from "../../core/whole-file.js";
import { type Emulator, startEmulator } from "../../emulator/emulator.js";
import { emulatorErrors } from "../../emulator/errors.js";
import { type Fault, faultSchema } from "../../emulator/faults.js";
import { type Knobs, knobsSchema } from "../../emulator/knobs.js";
import { type KnownToken, knownTokenSchema } from "../../emulator/tokens.js";
import { globalRegion, knownRegions } from "../../konnect/regions.js";
import type { CliIo } from "../io.js";
import { portOption } from "../option-values.js";

interface EmulatorFlags {
  host: string;
  port: number;
  state?: string;
  tokens?: string;
  knob?: Partial<Knobs>;
  fault?: Fault[];
  region?: string[];
  quiet?: boolean;
}

/** Gives `konnect-audit emulator` its options, which are those of the emulator's own schemas, and what it does. */
export function configureEmulator(command: Command, io: CliIo): void {
  command
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on, 0 for any free one", portOption, 8990)
    .option(
      "--state <file>",
      "keep the state, credentials included, in this file (default: in memory)",
    )
    .option("--tokens <file>", "accept the tokens of this JSON file only (default: any)")
    .option("--knob <name=value>", "choose a behaviour (repeatable)", parseKnob)
    .option("--fault <json>", "put a fault in force (repeatable)", parseFault)
    .option(
      "--region <name>",
      "serve this region besides those that Konnect documents (repeatable)",
      (region: string, before: string[] = []) => [...before, region],
    )
    .option("--quiet", "print the address only")
    .addHelpText("after", knobHelp())
    .action(async (flags: EmulatorFlags) => {
      const emulator = await startEmulator({
        host: flags.host,
        port: flags.port,
        clock: io.clock,
        random: io.random,
        knobs: flags.knob ?? {},
        regions: flags.region ?? [],
        ...(flags.tokens ? { tokens: readTokens(resolve(io.cwd, flags.tokens)) } : {}),
        ...(flags.state ? { stateFile: resolve(io.cwd, flags.state) } : {}),
        log: (line) => io.stderr.write(`${line}\n`),
      });
      const closing = io.cleanUps.add(() => emulator.close());
      try {
        for (const fault of flags.fault ?? []) emulator.faults.add(fault);
        io.stdout.write(flags.quiet ? `${emulator.serverUrl}\n` : introduce(emulator, flags));
        await aborted(io.signal);
        io.exitCode(0); // Stopping it is how its work ends.
      } finally {
        await closing.run();
      }
      if (!flags.quiet) io.stdout.write("Emulator stopped.\n");
    });
}

function introduce(
  { url, serverUrl }: Emulator,
  { host, state, region = [] }: EmulatorFlags,
): string {
  const reach =
    host === "127.0.0.1" || host === "::1" || host === "localhost"
      ? "It listens on loopback only."
      : `It listens on ${host}: everybody who reaches that address can use it, with any token.`;
  return `EMULATOR of Konnect's audit logging: this is not Konnect, and nothing here is real.
${reach} ${state ? `Its state is kept in ${state}.` : "Its state is in memory and ends with it."}

  ${serverUrl}

It serves the regions ${[...knownRegions, globalRegion, ...region].join(", ")}; --region adds others.

Point the provider and the verifier at it:
  export KONNECT_SERVER_URL='${serverUrl}' KONNECT_TOKEN=kpat_anything

Or call it:
  curl -H 'Authorization: Bearer kpat_anything' ${url}/us/v2/audit-log-webhook

Its own state, faults and knobs are at ${url}/_emulator/{webhooks,attempts,requests,faults,knobs}.
Ctrl-C stops it.
`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

function parseKnob(text: string, knobs: Partial<Knobs> = {}): Partial<Knobs> {
  const [name = "", value = ""] = text.split(/=(.*)/s);
  const schema = Object.entries(knobsSchema.shape).find(([known]) => known === name)?.[1];
  if (!schema) throw new InvalidArgumentError(`There is no knob "${name}"; see --help.`);
  const read = schema.safeParse(/^(-?\d+|true|false)$/.test(value) ? JSON.parse(value) : value);
  if (!read.success) {
    throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join("; "));
  }
  return { ...knobs, [name]: read.data };
}

function parseFault(text: string, faults: Fault[] = []): Fault[] {
  const read = faultSchema.safeParse(parseJson(text));
  if (read.success) return [...faults, read.data];
  throw new InvalidArgumentError(
    'A fault is JSON such as {"region":"eu","effect":{"kind":"status","status":429},"count":2}.',
  );
}

function readTokens(file: string): KnownToken[] {
  const text = readTokenFile(file);
  const read = z.array(knownTokenSchema).min(1).safeParse(parseJson(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw emulatorErrors.tokensUnreadable(
    file,
    issue ? `${issue.path.join(".") || "it"}: ${issue.message}` : "it is empty",
  );
}

function readTokenFile(file: string): string {
  try {
    return readRegularTextSync(file);
  } catch (error) {
    throw emulatorErrors.tokensUnreadable(file, systemCode(error));
  }
}

function knobHelp(): string {
  const lines = Object.entries(knobsSchema.shape).map(([name, schema]) => {
    const chosen = schema.parse(undefined);
    const inner = schema.unwrap();
    const others = inner instanceof z.ZodEnum ? inner.options.filter((one) => one !== chosen) : [];
    const description = new Help()
      .boxWrap(schema.description ?? "", 74)
      .replaceAll("\n", "\n      ");
    return `  ${name}=${[chosen, ...others].join("|")}\n      ${description}`;
  });
  return `\nKnobs, their default first:\n${lines.join("\n")}`;
}
