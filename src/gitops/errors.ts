import { type Cleaner, type CleanText, cleanLines, cleanText } from "../core/foreign-text.js";
import { explainTerraform, productNames, type TerraformProgram } from "./explain-terraform.js";

/** Stable codes of what can keep a plan from being read. */
export type GitopsErrorCode =
  | "GITOPS_NO_STACKS"
  | "GITOPS_UNKNOWN_STACK"
  | "GITOPS_NOTHING_WATCHED"
  | "GITOPS_SYNTH_FAILED"
  | "GITOPS_CDKTF_MISSING"
  | "GITOPS_FOLDER_MISSING"
  | "GITOPS_TERRAFORM_MISSING"
  | "GITOPS_TERRAFORM_FAILED"
  | "GITOPS_TERRAFORM_ARGUMENTS"
  | "GITOPS_OUTPUT_TOO_LARGE"
  | "GITOPS_PLAN_UNREADABLE"
  | "GITOPS_PLAN_INCOMPLETE"
  | "GITOPS_PLAN_FILE"
  | "GITOPS_NOT_INITIALIZED"
  | "GITOPS_SYNTHESIS_FILE"
  | "GITOPS_IGNORE_FILE"
  | "GITOPS_REPORT_UNWRITABLE"
  | "GITOPS_VERIFICATION_FILE"
  | "GITOPS_TIMEOUT"
  | "GITOPS_CANCELLED";

/** Why a check was inconclusive; never to be read as "no drift". Message and remedy hold cleaned text only. */
export class GitopsError extends Error {
  override readonly name = "GitopsError";
  declare readonly message: CleanText;
  readonly remedy: CleanText;
  /** Summaries of the errors that Terraform printed as JSON. */
  readonly summaries: readonly string[];

  constructor(
    readonly code: GitopsErrorCode,
    message: string,
    remedy: string,
    { summaries = [], ...options }: ErrorOptions & { summaries?: readonly string[] } = {},
  ) {
    super(cleanLines(message, cleanText), options);
    this.remedy = cleanLines(remedy, cleanText);
    this.summaries = summaries;
  }
}

const longestLine = 1_000;

/** Every error of this layer. */
export const gitopsErrors = {
  noStacks(manifest: string): GitopsError {
    return new GitopsError(
      "GITOPS_NO_STACKS",
      `There are no synthesized stacks: ${manifest} can't be read.`,
      "Run it in the folder of cdktf.json, without --no-synth; or name the output folder with --output.",
    );
  },

  emptyManifest(manifest: string): GitopsError {
    return new GitopsError(
      "GITOPS_NO_STACKS",
      `There are no synthesized stacks: ${manifest} lists none.`,
      "Check that the app creates a stack before app.synth(), and that --output names its output folder.",
    );
  },

  nothingWatched(stack: string): GitopsError {
    return new GitopsError(
      "GITOPS_NOTHING_WATCHED",
      `The stack ${stack} has no audit-log webhook, so there was nothing to check.`,
      "Name the stacks that have one with --stack, or accept stacks without one with --allow-empty.",
    );
  },

  nothingReviewed(): GitopsError {
    return new GitopsError(
      "GITOPS_NOTHING_WATCHED",
      "None of the plans has an audit-log webhook, so there was nothing to review.",
      "Name the plan of a stack that has one.",
    );
  },

  unknownStack(name: string, known: readonly string[]): GitopsError {
    return new GitopsError(
      "GITOPS_UNKNOWN_STACK",
      `There is no stack "${name}".`,
      `Known stacks: ${known.join(", ")}.`,
    );
  },

  synthFailed(exitCode: number | null, output: string, clean: Cleaner = cleanText): GitopsError {
    return new GitopsError(
      "GITOPS_SYNTH_FAILED",
      `cdktf synth failed (exit code ${exitCode}):\n${cleanLines(lastLines(output), clean)}`,
      "Correct the app, or pass --no-synth to check what was synthesized before.",
    );
  },

  cdktfMissing(binary: string): GitopsError {
    return new GitopsError(
      "GITOPS_CDKTF_MISSING",
      `"${binary}" could not be started.`,
      "Install it in the project (npm install --save-dev cdktf-cli), or pass --no-synth to check what was synthesized before.",
    );
  },

  folderMissing(folder: string): GitopsError {
    return new GitopsError(
      "GITOPS_FOLDER_MISSING",
      `There is no folder ${folder}.`,
      "Synthesize again (without --no-synth).",
    );
  },

  terraformMissing(binary: string): GitopsError {
    return new GitopsError(
      "GITOPS_TERRAFORM_MISSING",
      `"${binary}" could not be started.`,
      "Install Terraform or OpenTofu 1.11 or newer, or name the program in TERRAFORM_BINARY_NAME.",
    );
  },

  /** @param output what it printed, diagnostics in words */
  terraformFailed(
    command: string,
    exitCode: number | null,
    output: string,
    {
      program = "terraform",
      summaries,
      clean = cleanText,
    }: { program?: TerraformProgram; summaries?: readonly string[]; clean?: Cleaner } = {},
  ): GitopsError {
    const known = explainTerraform(output, program);
    const why = known?.why ?? firstError(output) ?? `exit code ${exitCode}`;
    return new GitopsError(
      "GITOPS_TERRAFORM_FAILED",
      `${program} ${command} failed: ${clean(why, longestLine)}.\n${cleanLines(errorsOf(output), clean)}`,
      known?.remedy ?? `Correct what ${productNames[program]} names. Nothing was changed.`,
      { summaries: summaries ?? [] },
    );
  },

  terraformArguments(variable: string): GitopsError {
    return new GitopsError(
      "GITOPS_TERRAFORM_ARGUMENTS",
      `The options in ${variable} can't be read, and some would change what a plan means.`,
      `Unset ${variable} for the check, or write plain options into it.`,
    );
  },

  outputTooLarge(command: string, bytes: number): GitopsError {
    return new GitopsError(
      "GITOPS_OUTPUT_TOO_LARGE",
      `"${command}" printed more than ${bytes / 1024 / 1024} MiB and was ended.`,
      "Check what is run, and split the stack if its plan is that large.",
    );
  },

  planUnreadable(reason: string): GitopsError {
    return new GitopsError(
      "GITOPS_PLAN_UNREADABLE",
      `The plan's JSON can't be read: ${reason}.`,
      "Check the version of Terraform (1.11 or newer) and that no wrapper adds output of its own (hashicorp/setup-terraform: terraform_wrapper: false).",
    );
  },

  planFormat(version: string): GitopsError {
    return new GitopsError(
      "GITOPS_PLAN_UNREADABLE",
      `The plan's JSON can't be read: its format is ${version}, and only 1.x is known here.`,
      "Update konnect-audit, or make the plan with a Terraform or OpenTofu that it knows.",
    );
  },

  planIncomplete(): GitopsError {
    return new GitopsError(
      "GITOPS_PLAN_INCOMPLETE",
      "The plan covers only a part of the stack (complete = false), so nothing can be said of the rest.",
      "Plan without -target and -exclude, and without deferred changes.",
    );
  },

  planFile(file: string, reason: string, cause?: unknown): GitopsError {
    return new GitopsError(
      "GITOPS_PLAN_FILE",
      `${file} is no plan that can be reviewed: ${reason}.`,
      "Name what terraform plan -out=FILE has written, in the stack's folder, or the output of terraform show -json FILE.",
      { cause },
    );
  },

  notInitialized(folder: string): GitopsError {
    return new GitopsError(
      "GITOPS_NOT_INITIALIZED",
      `${folder}, where the plan is, has not been initialized, so that its providers are not there to show it.`,
      "Leave the plan in its stack's folder and run terraform init -input=false -lockfile=readonly there, or pass the output of terraform show -json.",
    );
  },

  synthesisFile(file: string, cause: unknown): GitopsError {
    return new GitopsError(
      "GITOPS_SYNTHESIS_FILE",
      `${file} is not as cdktf synth writes it, so the results of its policies are unknown.`,
      "Synthesize and plan again, or pass the output of terraform show -json.",
      { cause },
    );
  },

  ignoreFile(file: string, reason: string, cause?: unknown): GitopsError {
    return new GitopsError(
      "GITOPS_IGNORE_FILE",
      `The ignore file ${file} can't be used: ${reason}.`,
      'Write it as {"rules": [{"region": "eu", "field": "log_format", "reason": "…", "expires": "2027-01-31"}]}; a rule may also name a "stack".',
      { cause },
    );
  },

  verificationFile(file: string, reason: string, cause?: unknown): GitopsError {
    return new GitopsError(
      "GITOPS_VERIFICATION_FILE",
      `${file} is no report of a verification: ${reason}.`,
      "Name what konnect-audit verify --report FILE.json has written.",
      { cause },
    );
  },

  reportUnwritable(file: string, cause: unknown): GitopsError {
    return new GitopsError(
      "GITOPS_REPORT_UNWRITABLE",
      `The report can't be written to ${file}.`,
      "Check that its folder is there and may be written to.",
      { cause },
    );
  },

  timedOut(): GitopsError {
    return new GitopsError(
      "GITOPS_TIMEOUT",
      "The time was up before everything was checked.",
      "Find out what hangs (the state's backend, Konnect, the network), or allow more time with --timeout.",
    );
  },

  cancelled(): GitopsError {
    return new GitopsError(
      "GITOPS_CANCELLED",
      "Stopped before every stack was checked.",
      "Run it again.",
    );
  },
};

/** What Terraform itself says in one line. */
function firstError(output: string): string | undefined {
  return /^[│╷ ]*Error: (.+?)\.?$/m.exec(output)?.[1];
}

/** Terraform's own error blocks, without what it printed on the way to them. */
function errorsOf(output: string): string {
  const start = output.search(/(^|\n)(╷\n)?│? ?Error: /);
  return lastLines(start === -1 ? output : output.slice(start));
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-30).join("\n");
}
