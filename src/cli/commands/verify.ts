import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Progress } from "../../verifier/render/progress.js";
import type { VerificationReport } from "../../verifier/report.js";
import type { DeclaredWebhook } from "../../verifier/stack-webhooks.js";
import type { EvidenceLevel } from "../../verifier/verdicts.js";
import type { VerifyOptions } from "../../verifier/verify.js";
import { colorsFor } from "../colors.js";
import { type Connection, chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";

interface VerifyFlags {
  region: string[];
  all?: boolean;
  stack: string[];
  output: string;
  terraformOutput?: string;
  within?: string;
  every?: string;
  evidence?: EvidenceLevel;
  receiver?: string;
  probes: number;
  expect: string[];
  json?: boolean;
  brief?: boolean;
  report: string[];
  replayOnGap?: boolean;
}

/** Adds `konnect-audit verify`: proof that audit events arrive, or why they don't. */
export function registerVerify(program: Command, io: CliIo): void {
  program
    .command("verify")
    .description("Prove that audit events arrive; exit 0 they do, 2 they don't, 1 can't tell.")
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
    .option("--within <duration>", "how long to wait for proof (default: 90s)")
    .option("--every <duration>", "pause before the second look; later ones grow (default: 1s)")
    .addOption(
      new Option(
        "--evidence <level>",
        'the least that counts (default: "receiver" with --receiver, else "status")',
      ).choices(["status", "receiver", "signature"]),
    )
    .option("--receiver <url|file>", "a running `konnect-audit listen`, or the file it stores in")
    .option("--probes <number>", "marked events per region", positiveInteger, 1)
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
    .option("--replay-on-gap", "propose a replay of what was lost, as far as it can be seen")
    .option("--json", "print the report as JSON")
    .addOption(new Option("--brief", "print a few lines only, for a deploy's output").hideHelp())
    .addHelpText(
      "after",
      `
The probe is a harmless call (GET of the webhook) with the User-Agent konnect-audit-probe/<id>, which its audit
event carries. Nothing is changed at Konnect, and it can be stopped at any time. The token is read from
KONNECT_TOKEN or KONNECT_SPAT, the server from KONNECT_SERVER_URL; a receiver on another machine asks for
KONNECT_AUDIT_AUTHORIZATION.

Exit codes: 0 every region has the evidence that was asked for; 2 one has not; 1 it could not be told (a refused
token, no network, bad input, stopped), which beats 2.
`,
    )
    .action((flags: VerifyFlags) => runVerify(flags, io));
}

async function runVerify(flags: VerifyFlags, io: CliIo): Promise<void> {
  const { verify } = await import("../../verifier/verify.js");
  const { rendererFor } = await import("../../verifier/render/index.js");
  const files = flags.report.map((path) => ({ path, render: rendererFor(path) }));
  const connection = await connect(io, "konnect-audit-verify");
  try {
    const options = await verifyOptions(flags, io, connection);
    const progress = await openProgress(flags, io);
    const report = await verify({
      ...options,
      onProgress: progress?.moment,
      onWait: progress?.wait,
    }).finally(() => progress?.end());
    io.stdout.write(`${await render(report, flags, io)}\n`);
    io.exitCode(report.exit_code);
    for (const file of files) await writeReport(resolve(io.cwd, file.path), file.render(report));
    if (!flags.brief) await summarize(report, io);
  } finally {
    await connection.close();
  }
}

async function verifyOptions(
  flags: VerifyFlags,
  io: CliIo,
  { client, dispatcher }: Connection,
): Promise<VerifyOptions> {
  const { openEvidence } = await import("../../receiver/evidence-source.js");
  const { parseDuration } = await import("../../verifier/duration.js");
  const { parseExpectations } = await import("../../verifier/expectations.js");
  const authorization = io.env.KONNECT_AUDIT_AUTHORIZATION;
  const declared = await declaredWebhooks(flags, io);
  const expected = parseExpectations(flags.expect);
  return {
    client,
    regions: [
      ...(await chooseRegions(flags.region, flags.all ?? false)),
      ...declared.map(({ region }) => region),
    ],
    expected: (region) => ({
      ...declared.find((webhook) => webhook.region === region)?.expected,
      ...expected,
    }),
    evidence: flags.receiver
      ? openEvidence(fromFolder(io.cwd, flags.receiver), { authorization, dispatcher })
      : undefined,
    required: flags.evidence,
    probes: flags.probes,
    within: flags.within === undefined ? undefined : parseDuration(flags.within),
    every: flags.every === undefined ? undefined : parseDuration(flags.every),
    clock: io.clock,
    signal: io.signal,
  };
}

async function declaredWebhooks(flags: VerifyFlags, io: CliIo): Promise<DeclaredWebhook[]> {
  return [...(await webhooksOfStacks(flags, io)), ...(await webhooksOfConfiguration(flags, io))];
}

async function webhooksOfConfiguration(
  { terraformOutput: file }: VerifyFlags,
  io: CliIo,
): Promise<DeclaredWebhook[]> {
  if (file === undefined) return [];
  const { webhooksOfOutputs } = await import("../../verifier/terraform-outputs.js");
  return webhooksOfOutputs(resolve(io.cwd, file));
}

async function webhooksOfStacks(flags: VerifyFlags, io: CliIo): Promise<DeclaredWebhook[]> {
  if (flags.stack.length === 0) return [];
  const { readStacks } = await import("../../gitops/stacks.js");
  const { webhooksOfStack } = await import("../../verifier/stack-webhooks.js");
  const stacks = await readStacks(resolve(io.cwd, flags.output), flags.stack);
  return (
    await Promise.all(stacks.map((stack) => webhooksOfStack(stack.name, stack.folder)))
  ).flat();
}

async function writeReport(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    const { verifierErrors } = await import("../../verifier/errors.js");
    throw verifierErrors.reportUnwritable(path, cause);
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
  const { proposeReplays } = await import("../../verifier/render/replay.js");
  const proposals = flags.replayOnGap ? proposeReplays(report) : [];
  return [renderText(report, colorsFor(io)), ...proposals].join("\n");
}

/** On stderr, so that stdout stays the report alone. */
async function openProgress({ brief }: VerifyFlags, io: CliIo): Promise<Progress | undefined> {
  if (brief) return undefined;
  const { startProgress } = await import("../../verifier/render/progress.js");
  const { columns = 80 } = io.stderr as { columns?: number };
  return startProgress({
    write: (text) => io.stderr.write(text),
    clock: io.clock,
    columns: io.interactive ? columns : undefined,
  });
}

function fromFolder(cwd: string, address: string): string {
  return /^https?:\/\//i.test(address) ? address : resolve(cwd, address);
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1 to 999.");
}
