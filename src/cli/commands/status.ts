import { type Command, Option } from "commander";
import { longestAge } from "../../verifier/duration.js";
import type { AllowedState, HealthOptions } from "../../verifier/status.js";
import { colorsFor } from "../colors.js";
import { type Connection, chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";
import { durationOption } from "../option-values.js";
import { withLimit } from "../time-limit.js";

interface StatusFlags {
  region: string[];
  within?: number;
  maxAge?: number;
  strict?: boolean;
  allow?: AllowedState[];
  json?: boolean;
}

/** Adds `konnect-audit status`: the webhooks of all regions at a glance. */
export function registerStatus(program: Command, io: CliIo): void {
  program
    .command("status")
    .description(
      "Show every region's webhook and its last delivery; exit 0 well, 2 not, 1 inconclusive.",
    )
    .option("--region <names...>", "regions to read (default: all that Konnect documents)", [])
    .option(
      "--within <duration>",
      "how long all of it may take (default: 30s)",
      durationOption("--within"),
    )
    .option(
      "--max-age <duration>",
      "an older last attempt proves nothing any more (default: 7d)",
      durationOption("--max-age", { most: longestAge }),
    )
    .addOption(
      new Option("--allow <states...>", "states that are no failure").choices([
        "paused",
        "unconfigured",
      ]),
    )
    .addOption(
      new Option("--strict", "every region must deliver, also those that were not named").conflicts(
        "allow",
      ),
    )
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
It only reads; but each call is itself an audit event, which Konnect delivers. The status tells of the last attempt
only: an outage that is over does not show.
Exit codes: 0 every webhook delivers: its last attempt was accepted, and is not older than --max-age; 2 one does not
(failing, paused, never tried, too old), or there is none at all; a region without webhook counts when it was named, or
with --strict; 1 one could not be read, which beats 2.
`,
    )
    .action((flags: StatusFlags) => runStatus(flags, io));
}

async function runStatus(flags: StatusFlags, io: CliIo): Promise<void> {
  const { defaultStatusWithin, readHealth } = await import("../../verifier/status.js");
  const { renderHealth } = await import("../../verifier/render/health.js");
  const { within = defaultStatusWithin } = flags;
  await withLimit(io, within, async (limit) => {
    const connection = await connect(io, "konnect-audit-status");
    try {
      const options = await healthOptions(flags, io, connection);
      const report = await readHealth({ ...options, within: limit.remaining() });
      const text = flags.json
        ? JSON.stringify(report, null, 2)
        : renderHealth(report, colorsFor(io));
      io.stdout.write(`${text}\n`);
      io.exitCode(report.exit_code);
    } finally {
      await connection.close();
    }
  });
}

async function healthOptions(
  flags: StatusFlags,
  io: CliIo,
  { client, clean }: Connection,
): Promise<HealthOptions> {
  const { optionalRegions } = await import("../../konnect/opt-in-regions.js");
  const isSweep = flags.region.length === 0;
  return {
    client,
    clean,
    regions: await chooseRegions(flags.region, isSweep),
    optional: optionalRegions(flags.region),
    isSweep: isSweep && !flags.strict,
    allowed: flags.allow,
    maxAge: flags.maxAge,
    clock: io.clock,
    signal: io.signal,
  };
}
