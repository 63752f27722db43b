import { resolve } from "node:path";
import type { Command } from "commander";
import type { ArrivalCounter } from "../../verifier/arrivals.js";
import type { ReplayOptions } from "../../verifier/replay.js";
import { type Connection, chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";
import { durationOption } from "../option-values.js";
import { withLimit } from "../time-limit.js";

interface ReplayFlags {
  region: string[];
  since: string;
  until?: string;
  within?: number;
  receiver?: string;
  allowEmpty?: boolean;
  force?: boolean;
  json?: boolean;
}

/** Adds `konnect-audit replay`: has Konnect deliver again what an outage lost. */
export function registerReplay(program: Command, io: CliIo): void {
  program
    .command("replay")
    .description(
      "Have Konnect deliver a stretch of time again; exit 0 completed, 2 not, 1 inconclusive.",
    )
    .requiredOption("--region <names...>", "regions whose events are delivered again")
    .requiredOption("--since <time>", "where it begins: a time, or how long ago (6h)")
    .option("--until <time>", "where it ends (default: now)")
    .option(
      "--within <duration>",
      "how long all of it may take (default: 10m)",
      durationOption("--within"),
    )
    .option(
      "--receiver <url|file>",
      "count what arrives: a running `konnect-audit listen`, or the file it stores in",
    )
    .option("--allow-empty", "exit 0 although nothing came to the --receiver")
    .option("--force", "start although the endpoint refused the last delivery")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
The events go to the webhook as it is now. Konnect runs one job a region at a time and can't cancel it. SIEMs that
don't drop duplicates will have those events twice that had arrived before. Konnect documents that it keeps events for
7 days: an earlier --since is a warning.
Exit codes: 0 every job completed; 2 one failed, still runs or was not started, or nothing came to the --receiver;
1 inconclusive.
`,
    )
    .action((flags: ReplayFlags) => runReplay(flags, io));
}

async function runReplay(flags: ReplayFlags, io: CliIo): Promise<void> {
  const { defaultReplayWithin, replay } = await import("../../verifier/replay.js");
  const { renderReplay } = await import("../../verifier/render/replay.js");
  const { within = defaultReplayWithin } = flags;
  await withLimit(io, within, async (limit) => {
    const connection = await connect(io, "konnect-audit-replay");
    try {
      const options = await limit.within(replayOptions(flags, io, connection));
      const report = await replay({ ...options, within: limit.remaining() });
      io.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : renderReplay(report)}\n`);
      io.exitCode(report.exit_code);
    } finally {
      await connection.close();
    }
  });
}

async function replayOptions(
  flags: ReplayFlags,
  io: CliIo,
  { client, dispatcher, clean }: Connection,
): Promise<ReplayOptions> {
  const { parseTime } = await import("../../verifier/duration.js");
  const now = io.clock.now();
  return {
    client,
    clean,
    regions: await chooseRegions(flags.region, false),
    startAt: parseTime(flags.since, now),
    endAt: flags.until === undefined ? now : parseTime(flags.until, now),
    arrivals:
      flags.receiver === undefined ? undefined : await counter(flags.receiver, io, dispatcher),
    force: flags.force,
    allowEmpty: flags.allowEmpty,
    clock: io.clock,
    signal: io.signal,
    onProgress: (region, status) => io.stderr.write(`${region}  replay job ${status}\n`),
  };
}

async function counter(
  address: string,
  io: CliIo,
  dispatcher: Connection["dispatcher"],
): Promise<ArrivalCounter> {
  const { countAtReceiver, countInFile } = await import("../../verifier/arrivals.js");
  if (!/^https?:\/\//i.test(address)) return countInFile(resolve(io.cwd, address));
  const { httpEvidence } = await import("../../receiver/evidence-source.js");
  const authorization = io.env.KONNECT_AUDIT_AUTHORIZATION;
  return countAtReceiver(httpEvidence(address, { authorization, dispatcher }));
}
