import { explainTerraform } from "./explain-terraform.js";

/** Stable codes of what can keep a plan from being read. */
export type GitopsErrorCode =
  | "GITOPS_NO_STACKS"
  | "GITOPS_UNKNOWN_STACK"
  | "GITOPS_SYNTH_FAILED"
  | "GITOPS_CDKTF_MISSING"
  | "GITOPS_FOLDER_MISSING"
  | "GITOPS_TERRAFORM_MISSING"
  | "GITOPS_TERRAFORM_FAILED"
  | "GITOPS_PLAN_UNREADABLE"
  | "GITOPS_PLAN_FILE"
  | "GITOPS_NOT_INITIALIZED"
  | "GITOPS_SYNTHESIS_FILE"
  | "GITOPS_IGNORE_FILE"
  | "GITOPS_REPORT_UNWRITABLE"
  | "GITOPS_VERIFICATION_FILE"
  | "GITOPS_CANCELLED";

/** Something that kept drift from being told; never to be read as "no drift". */
export class GitopsError extends Error {
  override readonly name = "GitopsError";

  constructor(
    readonly code: GitopsErrorCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Every error of this layer. */
export const gitopsErrors = {
  noStacks(manifest: string): GitopsError {
    return new GitopsError(
      "GITOPS_NO_STACKS",
      `There are no synthesized stacks: ${manifest} can't be read.`,
      "Run it in the folder of cdktf.json, without --no-synth; or name the output folder with --output.",
    );
  },

  unknownStack(name: string, known: readonly string[]): GitopsError {
    return new GitopsError(
      "GITOPS_UNKNOWN_STACK",
      `There is no stack "${name}".`,
      `Known stacks: ${known.join(", ")}.`,
    );
  },

  synthFailed(exitCode: number | null, output: string): GitopsError {
    return new GitopsError(
      "GITOPS_SYNTH_FAILED",
      `cdktf synth failed (exit code ${exitCode}):\n${lastLines(output)}`,
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

  terraformFailed(command: string, exitCode: number | null, output: string): GitopsError {
    const known = explainTerraform(output);
    const why = known?.why ?? firstError(output) ?? `exit code ${exitCode}`;
    return new GitopsError(
      "GITOPS_TERRAFORM_FAILED",
      `terraform ${command} failed: ${why}.\n${errorsOf(output)}`,
      known?.remedy ?? "Correct what Terraform names. Nothing was changed.",
    );
  },

  planUnreadable(reason: string): GitopsError {
    return new GitopsError(
      "GITOPS_PLAN_UNREADABLE",
      `The plan's JSON can't be read: ${reason}.`,
      "Check the version of Terraform (1.11 or newer) and that no wrapper adds output of its own (hashicorp/setup-terraform: terraform_wrapper: false).",
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
      `${file} is not as cdktf synth writes it, so that nobody can tell which policies the plan was held to.`,
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
