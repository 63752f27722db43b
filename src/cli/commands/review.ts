import { type Command, InvalidArgumentError, Option } from "commander";
import { startDeadline } from "../../core/deadline.js";
import { environmentSecrets } from "../../core/environment-secrets.js";
import { createCleaner } from "../../core/foreign-text.js";
import type { PlanReview } from "../../gitops/review.js";
import { type RiskName, riskNames } from "../../gitops/risks.js";
import { wrap } from "../../verifier/render/wrap.js";
import { colorsFor } from "../colors.js";
import type { CliIo } from "../io.js";
import { checkTimeout } from "../option-values.js";

type FailOn = RiskName | "any";

interface ReviewFlags {
  failOn: FailOn[];
  runUrl?: string;
  markdown?: string;
  timeout: number;
}

/** Adds `konnect-audit review`: what a plan would do, for the reviewer of a pull request. */
export function registerReview(program: Command, io: CliIo): void {
  program
    .command("review")
    .description(
      "Turn plans into a comment for a reviewer; exit 0 shown, 2 a named risk, 1 inconclusive.",
    )
    .argument(
      "<plans...>",
      "saved plans in their stack's folder, or output of terraform show -json",
    )
    .option(
      "--fail-on <risks>",
      "risks that end with exit code 2, separated by commas, or any",
      parseFailOn,
      [],
    )
    .option("--run-url <url>", "page of the run that made the plan, to link to", webPage)
    .option(
      "--markdown <file>",
      "where the comment goes; - is standard output (default: -, on a terminal text instead)",
    )
    .addOption(
      new Option("--timeout <duration>", "time for showing all plans")
        .argParser(checkTimeout)
        .default(120_000, "2m"),
    )
    .addHelpText(
      "after",
      `
A saved plan beside what cdktf synth wrote is shown with the policies that its stack was held
to, and with synth's warnings. Plans without any audit-log webhook end with exit code 1.
In GitHub Actions the risks become annotations and the step's summary holds the review.

Risks: ${wrap(riskNames.join(", "), 100).join("\n")}.
`,
    )
    .action((plans: string[], flags: ReviewFlags) => runReview(plans, flags, io));
}

async function runReview(files: string[], flags: ReviewFlags, io: CliIo): Promise<void> {
  const gitops = await import("../../gitops/index.js");
  const reviews = await readReviews(files, flags, io);
  const render = (limit: number) =>
    gitops.renderReviewMarkdown(reviews, { limit, runUrl: flags.runUrl });
  const { isTTY } = io.stdout as { isTTY?: boolean };
  if (flags.markdown === undefined && isTTY) {
    io.stdout.write(`${gitops.renderReviewText(reviews, colorsFor(io))}\n`);
  } else {
    await gitops.writeReport(flags.markdown ?? "-", render(gitops.commentLimit), io);
  }
  if (
    io.env.GITHUB_STEP_SUMMARY &&
    !(await gitops.appendStepSummary(io.env.GITHUB_STEP_SUMMARY, render))
  ) {
    io.stderr.write("The step's summary is full: the review is not in it.\n");
  }
  const blocking = gitops.blockingRisks(reviews, flags.failOn);
  if (io.env.GITHUB_ACTIONS === "true") {
    for (const line of gitops.renderReviewAnnotations(reviews, blocking)) {
      io.stderr.write(`${line}\n`);
    }
  }
  if (!reviews.some(({ watched }) => watched)) throw gitops.gitopsErrors.nothingReviewed();
  if (blocking.length === 0) return;
  for (const { name, region, resource, text } of blocking) {
    io.stderr.write(`${name}: ${region ?? resource}: ${text}\n`);
  }
  io.exitCode(2);
}

async function readReviews(
  files: readonly string[],
  { timeout }: ReviewFlags,
  { cwd, env, signal }: CliIo,
): Promise<PlanReview[]> {
  const gitops = await import("../../gitops/index.js");
  const deadline = startDeadline(timeout, signal);
  const reviews: PlanReview[] = [];
  const clean = createCleaner(environmentSecrets(env));
  try {
    for (const file of files) {
      const options = { cwd, env, signal: deadline.signal };
      const { name, plan, synthesis } = await gitops.readPlan(file, options);
      reviews.push(gitops.reviewPlan(name, plan, synthesis, clean));
    }
  } catch (error) {
    throw deadline.signal.aborted ? gitops.stoppedBy(deadline.signal) : error;
  } finally {
    deadline.clear();
  }
  return reviews;
}

function parseFailOn(text: string): FailOn[] {
  const known: readonly FailOn[] = [...riskNames, "any"];
  return text.split(",").map((part) => {
    const risk = known.find((name) => name === part.trim());
    if (risk) return risk;
    throw new InvalidArgumentError(`There is no risk "${part}". Known risks: ${known.join(", ")}.`);
  });
}

function webPage(url: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new InvalidArgumentError("It must be an http or https URL.");
}
