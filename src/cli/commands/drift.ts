import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { startDeadline } from "../../core/deadline.js";
import { environmentSecrets } from "../../core/environment-secrets.js";
import { createCleaner } from "../../core/foreign-text.js";
import type { DriftReport } from "../../gitops/index.js";
import type { VerificationReport } from "../../verifier/report.js";
import { colorsFor } from "../colors.js";
import type { CliIo } from "../io.js";
import { checkTimeout, wholeNumber } from "../option-values.js";

/** Options that name a report's file. */
const fileFlags = ["markdown", "junit", "html"] as const;
type FileFlag = (typeof fileFlags)[number];

interface DriftFlags extends Partial<Record<FileFlag, string>> {
  stack: string[];
  output: string;
  synth: boolean;
  health: "on" | "off";
  concurrency: number;
  timeout: number;
  allowEmpty?: boolean;
  ignore?: string;
  json?: boolean;
  verification?: string;
}

/** Adds `konnect-audit drift`: does Konnect have what the code says? */
export function registerDrift(program: Command, io: CliIo): void {
  program
    .command("drift")
    .description(
      "Compare Konnect with the code of every stack; exit 0 in sync, 2 not, 1 inconclusive.",
    )
    .option("--stack <name...>", "check these stacks only", [])
    .option("--output <folder>", "cdktf's output folder", "cdktf.out")
    .option("--no-synth", "check what was synthesized before")
    .option("--allow-empty", "accept stacks without any audit-log webhook")
    .addOption(
      new Option("--health <mode>", "judge deliveries by the stacks' health checks")
        .choices(["on", "off"])
        .default("on"),
    )
    .option("--ignore <file>", "JSON file of findings that are accepted for a time")
    .option("--concurrency <number>", "stacks planned at the same time", wholeNumber(1, 999), 4)
    .addOption(
      new Option("--timeout <duration>", "time for the whole check")
        .argParser(checkTimeout)
        .default(600_000, "10m"),
    )
    .option("--json", "print the report as JSON")
    .option("--markdown <file>", "also write the report as Markdown; - prints it instead of text")
    .option("--junit <file>", "also write the report as JUnit XML; - prints it instead of text")
    .option("--html <file>", "also write the report as a page; - prints it instead of text")
    .option("--verification <file>", "show this JSON report of konnect-audit verify on that page")
    .addHelpText(
      "after",
      `
Nothing is written to Konnect and no lock is taken; a token that may only read is
enough, and the SIEM's credential is not needed. A stack without any audit-log webhook
is an error, unless --allow-empty is given. Options in TF_CLI_ARGS and its like that
change what a plan means, such as -refresh=false or -target, are left out.
In GitHub Actions the findings become annotations and the step's summary holds the report.

An ignore file: {"rules": [{"region": "eu", "field": "log_format", "reason": "…", "expires": "2027-01-31"}]}
`,
    )
    .action((flags: DriftFlags) => runDrift(flags, io));
}

async function runDrift(flags: DriftFlags, io: CliIo): Promise<void> {
  const gitops = await import("../../gitops/index.js");
  refuseMisplaced(flags);
  const now = io.clock.now();
  const output = resolve(io.cwd, flags.output);
  const clean = createCleaner(environmentSecrets(io.env));
  for (const options of gitops.withoutMeaningfulArguments(io.env).leftOut) {
    io.stderr.write(`Left out, as it changes what a plan means: ${clean(options)}\n`);
  }
  const deadline = startDeadline(flags.timeout, io.signal);
  const { cwd, env, cleanUps } = io;
  const { signal } = deadline;
  let report: DriftReport;
  let verification: VerificationReport | undefined;
  try {
    const ignore = flags.ignore
      ? await gitops.readIgnoreRules(resolve(cwd, flags.ignore), now, { signal })
      : gitops.noIgnoreRules;
    if (flags.verification) {
      verification = await gitops.readVerification(resolve(cwd, flags.verification), { signal });
    }
    if (flags.synth) {
      io.stderr.write("Synthesizing …\n");
      await gitops.synthesize(output, { cwd, env, signal });
    }
    report = await gitops.checkDrift(await gitops.readStacks(output, flags.stack, { signal }), {
      now,
      env,
      signal,
      cleanUps,
      health: flags.health === "on",
      concurrency: flags.concurrency,
      ignore,
      complete: flags.stack.length === 0,
      allowEmpty: flags.allowEmpty,
      onStack: ({ stack, verdict }) => io.stderr.write(`Planned ${stack}: ${verdict}\n`),
    });
  } catch (error) {
    throw signal.aborted ? gitops.stoppedBy(signal) : error;
  } finally {
    deadline.clear();
  }
  // The verdict stands even if a report can't be written: then the error's own exit code takes its place.
  io.exitCode(gitops.exitCodes[report.verdict]);
  const { renderDriftMarkdown, renderDriftJUnit, renderDriftHtml, commentLimit } = gitops;
  await printReport(report, flags, io, {
    markdown: () => renderDriftMarkdown(report, commentLimit),
    junit: () => renderDriftJUnit(report),
    html: () => renderDriftHtml(report, verification),
  });
  await reportToGitHub(report, io);
}

async function printReport(
  report: DriftReport,
  flags: DriftFlags,
  io: CliIo,
  renderers: Readonly<Record<FileFlag, () => string>>,
): Promise<void> {
  const { renderDriftText, writeReport } = await import("../../gitops/index.js");
  if (flags.json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (fileFlags.every((name) => flags[name] !== "-")) {
    io.stdout.write(`${renderDriftText(report, colorsFor(io))}\n`);
  }
  for (const name of fileFlags) {
    const file = flags[name];
    if (file) await writeReport(file, renderers[name](), io);
  }
}

async function reportToGitHub(report: DriftReport, { env, stderr }: CliIo): Promise<void> {
  const gitops = await import("../../gitops/index.js");
  if (env.GITHUB_ACTIONS === "true") {
    for (const line of gitops.renderDriftAnnotations(report)) stderr.write(`${line}\n`);
  }
  if (!env.GITHUB_STEP_SUMMARY) return;
  const hasRoom = await gitops.appendStepSummary(env.GITHUB_STEP_SUMMARY, (limit) =>
    gitops.renderDriftMarkdown(report, limit),
  );
  if (!hasRoom) stderr.write("The step's summary is full: the report is not in it.\n");
}

/** Refuses two reports in one stream, and a verification without the page that shows it. */
function refuseMisplaced(flags: DriftFlags): void {
  if (flags.verification && !flags.html) {
    throw new Error("--verification is shown on the page that --html writes: give both.");
  }
  const printed = [
    ...(flags.json ? ["--json"] : []),
    ...fileFlags.filter((name) => flags[name] === "-").map((name) => `--${name} -`),
  ];
  if (printed.length < 2) return;
  throw new Error(
    `Only one report can go to standard output, but ${printed.join(" and ")} ask for it. Give all but one a file.`,
  );
}
