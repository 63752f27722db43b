import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Progress } from "../../verifier/render/progress.js";
import type { VerificationReport } from "../../verifier/report.js";
import type { DeclaredWebhooks } from "../../verifier/stack-webhooks.js";
import type { EvidenceLevel } from "../../verifier/verdicts.js";
import type { VerifyOptions } from "../../verifier/verify.js";
import { colorsFor } from "../colors.js";
import { type Connection, chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";
import { durationOption, wholeNumber } from "../option-values.js";
import { withLimit } from "../time-limit.js";

interface VerifyFlags {
  region: string[];
  all?: boolean;
  stack: string[];
  output: string;
  terraformOutput?: string;
  within?: number;
  every?: number;
  evidence?: EvidenceLevel;
  receiver?: string;
  probes: number;
  expect: string[];
  json?: boolean;
  brief?: boolean;
  report: string[];
  replayOnGap?: boolean;
  allowPaused?: boolean;
}

/** Adds `konnect-audit verify`: proof that audit events arrive, or why they don't. */
export function registerVerify(program: Command, io: CliIo): void {
  program
    .command("verify")
    .description("Prove that audit events arrive; exit 0 they do, 2 they don't, 1 inconclusive.")
    .option("--region <names...>", "regions to verify", [])
    .option("--all", "verify every region that Konnect documents")
    .option(
      "--stack <names...>",
      "verify the webhooks of synthesized stacks, as declared there",
      [],
    )
    .option("--output <folder>", "cdktf's output folder", "cdktf.out")
    .option(
      "--terraform-output <file>",
      "verify the webhooks in a configuration's outputs (terraform output -json)",
    )
    .option(
      "--within <duration>",
      "how long all of it may take (default: 90s)",
      durationOption("--within"),
    )
    .option(
      "--every <duration>",
      "pause before the second look; later ones grow (default: 1s)",
      durationOption("--every"),
    )
    .addOption(
      new Option(
        "--evidence <level>",
        'the least that counts (default: "receiver" with --receiver, else "status")',
      ).choices(["status", "receiver", "signature"]),
    )
    .option("--receiver <url|file>", "a running `konnect-audit listen`, or the file it stores in")
    .option("--probes <number>", "marked events per region", wholeNumber(1, 999), 1)
    .option(
      "--expect <field=value...>",
      "how the webhook must be configured, e.g. log_format=json",
      [],
    )
    .option(
      "--report <file...>",
      "also write the report to files ending with .json, .xml (JUnit), .md, .html or .txt",
      [],
    )
    .option("--allow-paused", "webhooks that the code pauses are no failure")
    .option("--replay-on-gap", "say what is known of lost deliveries, and how to replay them")
    .option("--json", "print the report as JSON")
    .addOption(new Option("--brief", "print a few lines only, for a deploy's output").hideHelp())
    .addHelpText(
      "after",
      `
The probe is a harmless call (GET of the webhook) with the User-Agent konnect-audit-probe/<id>, which its audit
event carries. Nothing is changed at Konnect, and it can be stopped at any time. The token is read from
KONNECT_TOKEN or KONNECT_SPAT, the server from KONNECT_SERVER_URL; a receiver on another machine asks for
KONNECT_AUDIT_AUTHORIZATION.

Exit codes: 0 every region has the evidence that was asked for; 2 one has not, or the code pauses its webhook;
1 inconclusive (a refused token, no network, no answer in time, bad input, stopped), which beats 2.
`,
    )
    .action((flags: VerifyFlags) => runVerify(flags, io));
}

async function runVerify(flags: VerifyFlags, io: CliIo): Promise<void> {
  const { defaultWithin, verify } = await import("../../verifier/verify.js");
  const { rendererFor } = await import("../../verifier/render/index.js");
  const { within = defaultWithin } = flags;
  const files = flags.report.map((path) => ({ path, render: rendererFor(path) }));
  await withLimit(io, within, async (limit) => {
    const connection = await connect(io, "konnect-audit-verify");
    try {
      const options = await limit.within(verifyOptions(flags, io, connection));
      const progress = await openProgress(flags, io, within);
      const report = await verify({
        ...options,
        within: limit.remaining(),
        onProgress: progress?.moment,
        onWait: progress?.wait,
      }).finally(() => progress?.end());
      io.stdout.write(`${await render(report, flags, io)}\n`);
      io.exitCode(report.exit_code);
      await limit.withinGrace(writeReports(report, { files, flags, io }));
    } finally {
      await connection.close();
    }
  });
}

interface ReportFile {
  path: string;
  render: (report: VerificationReport) => string;
}

async function writeReports(
  report: VerificationReport,
  { files, flags, io }: { files: readonly ReportFile[]; flags: VerifyFlags; io: CliIo },
): Promise<void> {
  const { writeReportFile } = await import("../../verifier/write-report-file.js");
  for (const file of files) {
    await writeReportFile(resolve(io.cwd, file.path), file.render(report));
  }
  if (!flags.brief) await summarize(report, io);
}

async function verifyOptions(
  flags: VerifyFlags,
  io: CliIo,
  { client, dispatcher, clean }: Connection,
): Promise<VerifyOptions> {
  const { openEvidence } = await import("../../receiver/evidence-source.js");
  const { parseExpectations } = await import("../../verifier/expectations.js");
  const { optionalRegions } = await import("../../konnect/opt-in-regions.js");
  const authorization = io.env.KONNECT_AUDIT_AUTHORIZATION;
  const { webhooks, leftOut } = await declaredWebhooks(flags, io);
  const expected = parseExpectations(flags.expect);
  const regions = [
    ...(await chooseRegions(flags.region, flags.all ?? false)),
    ...webhooks.map(({ region }) => region),
  ];
  if (regions.length === 0 && leftOut.length > 0) {
    const { verifierErrors } = await import("../../verifier/errors.js");
    throw verifierErrors.nothingLeft(leftOut);
  }
  return {
    client,
    clean,
    regions,
    optional: flags.all ? optionalRegions(flags.region) : [],
    leftOut,
    expected: (region) => ({
      ...webhooks.find((webhook) => webhook.region === region)?.expected,
      ...expected,
    }),
    evidence: flags.receiver
      ? openEvidence(await evidenceAddress(flags.receiver, io), { authorization, dispatcher })
      : undefined,
    required: flags.evidence,
    probes: flags.probes,
    every: flags.every,
    adviseReplays: flags.replayOnGap,
    clock: io.clock,
    signal: io.signal,
  };
}

/** What stacks and a configuration's outputs declare. */
async function declaredWebhooks(flags: VerifyFlags, io: CliIo): Promise<DeclaredWebhooks> {
  const options = { allowPaused: flags.allowPaused, signal: io.signal };
  const found: DeclaredWebhooks[] = [];
  if (flags.stack.length > 0) {
    const { webhooksOfStack } = await import("../../verifier/stack-webhooks.js");
    const stacks = await synthesizedStacks(resolve(io.cwd, flags.output), flags.stack);
    for (const { name, folder } of stacks) found.push(await webhooksOfStack(name, folder, options));
  }
  if (flags.terraformOutput !== undefined) {
    const { webhooksOfOutputs } = await import("../../verifier/terraform-outputs.js");
    found.push(await webhooksOfOutputs(resolve(io.cwd, flags.terraformOutput), options));
  }
  return {
    webhooks: found.flatMap(({ webhooks }) => webhooks),
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  };
}

async function synthesizedStacks(output: string, names: readonly string[]) {
  const { readStacks } = await import("../../gitops/stacks.js");
  const { GitopsError } = await import("../../gitops/errors.js");
  const { verifierErrors } = await import("../../verifier/errors.js");
  try {
    return await readStacks(output, names);
  } catch (error) {
    // A drift check synthesizes by itself, and says how to go on without; this command never does.
    const isMissing = error instanceof GitopsError && error.code === "GITOPS_NO_STACKS";
    throw isMissing ? verifierErrors.stacksMissing(output) : error;
  }
}

/** In GitHub Actions, on the page of the run. */
async function summarize(report: VerificationReport, { env }: CliIo): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  const { appendStepSummary } = await import("../../gitops/write-report.js");
  const { renderMarkdown } = await import("../../verifier/render/markdown.js");
  await appendStepSummary(env.GITHUB_STEP_SUMMARY, () => renderMarkdown(report));
}

async function render(report: VerificationReport, flags: VerifyFlags, io: CliIo): Promise<string> {
  if (flags.json) return JSON.stringify(report, null, 2);
  if (flags.brief) return (await import("../../verifier/render/brief.js")).renderBrief(report);
  const { renderText } = await import("../../verifier/render/text.js");
  return renderText(report, colorsFor(io));
}

/** On stderr, so that stdout stays the report alone. */
async function openProgress(
  { brief }: VerifyFlags,
  io: CliIo,
  within: number,
): Promise<Progress | undefined> {
  if (brief) return undefined;
  const { startProgress } = await import("../../verifier/render/progress.js");
  const { columns = 80 } = io.stderr as { columns?: number };
  return startProgress({
    write: (text) => io.stderr.write(text),
    clock: io.clock,
    within,
    columns: io.interactive ? columns : undefined,
  });
}

/** The address of a receiver, or the file that one stores in. */
async function evidenceAddress(given: string, { cwd }: CliIo): Promise<string> {
  if (/^https?:\/\//i.test(given)) return given;
  const path = resolve(cwd, given);
  // A pipe holds whoever opens it until somebody writes, and a device never ends. A file may still be made.
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) {
    const { receiverErrors } = await import("../../receiver/errors.js");
    const { kindOf } = await import("../../core/regular-file.js");
    throw receiverErrors.evidenceFileUnreadable(path, `it is ${kindOf(found)}`);
  }
  return path;
}
