import type { Command } from "commander";
import { colorsFor } from "../colors.js";
import { chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";

interface StatusFlags {
  region: string[];
  json?: boolean;
}

/** Adds `konnect-audit status`: the webhooks of all regions at a glance. */
export function registerStatus(program: Command, io: CliIo): void {
  program
    .command("status")
    .description(
      "Show every region's webhook and its last delivery; exit 0 well, 2 failing, 1 unread.",
    )
    .option("--region <names...>", "regions to read (default: all that Konnect documents)", [])
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
It only reads; but each call is itself an audit event, which Konnect delivers.
Exit codes: 0 no webhook fails (one that is paused or not configured is no failure); 2 the last delivery of one
failed; 1 one could not be read.
`,
    )
    .action((flags: StatusFlags) => runStatus(flags, io));
}

async function runStatus(flags: StatusFlags, io: CliIo): Promise<void> {
  const { readHealth } = await import("../../verifier/status.js");
  const { renderHealth } = await import("../../verifier/render/health.js");
  const connection = await connect(io, "konnect-audit-status");
  try {
    const report = await readHealth({
      regions: await chooseRegions(flags.region, flags.region.length === 0),
      client: connection.client,
      clock: io.clock,
      signal: io.signal,
    });
    const text = flags.json ? JSON.stringify(report, null, 2) : renderHealth(report, colorsFor(io));
    io.stdout.write(`${text}\n`);
    io.exitCode(report.exit_code);
  } finally {
    await connection.close();
  }
}
