import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import type { CliIo } from "../io.js";

interface DriftFlags {
  stack: string[];
  output: string;
  synth: boolean;
  health: "on" | "off";
  concurrency: number;
  json?: boolean;
}

/** `konnect-audit drift`: does Konnect have what the code says? */
export function registerDrift(program: Command, io: CliIo): void {
  program
    .command("drift")
    .description(
      "Compare Konnect with the code of every stack; exit 0 in sync, 2 not, 1 can't tell.",
    )
    .option("--stack <name...>", "check these stacks only", [])
    .option("--output <folder>", "cdktf's output folder", "cdktf.out")
    .option("--no-synth", "check what was synthesized before")
    .addOption(
      new Option("--health <mode>", "whether failing deliveries count")
        .choices(["on", "off"])
        .default("on"),
    )
    .option("--concurrency <number>", "stacks planned at the same time", positiveInteger, 4)
    .option("--json", "print the report as JSON")
    .action((flags: DriftFlags) => runDrift(flags, io));
}

async function runDrift(flags: DriftFlags, io: CliIo): Promise<void> {
  const { checkDrift, exitCodes, readStacks, renderDriftText, synthesize } = await import(
    "../../gitops/index.js"
  );
  const output = resolve(io.cwd, flags.output);
  if (flags.synth) {
    io.stderr.write("Synthesizing …\n");
    await synthesize(output, { cwd: io.cwd, env: io.env, signal: io.signal });
  }
  const stacks = await readStacks(output, flags.stack);
  const report = await checkDrift(stacks, {
    env: io.env,
    signal: io.signal,
    health: flags.health === "on",
    concurrency: flags.concurrency,
    onStack: ({ stack, verdict }) => io.stderr.write(`Planned ${stack}: ${verdict}\n`),
  });
  const text = flags.json
    ? JSON.stringify(report, null, 2)
    : renderDriftText(report, pc.createColors(io.interactive));
  io.stdout.write(`${text}\n`);
  io.exitCode(exitCodes[report.verdict]);
}

function positiveInteger(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}
