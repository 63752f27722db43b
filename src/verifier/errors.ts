import { cleanText } from "../core/foreign-text.js";
import { systemCode } from "../core/system-error.js";

/** Stable codes of what keeps the verifier from telling whether events arrive. */
export type VerifierErrorCode =
  | "VERIFY_NO_REGION"
  | "VERIFY_REGION_MALFORMED"
  | "VERIFY_EXPECTATION_MALFORMED"
  | "VERIFY_RECEIVER_NEEDED"
  | "VERIFY_DURATION_MALFORMED"
  | "VERIFY_DURATION_OUT_OF_RANGE"
  | "VERIFY_COUNT_OUT_OF_RANGE"
  | "VERIFY_REPORT_FORMAT_UNKNOWN"
  | "VERIFY_REPORT_UNWRITABLE"
  | "VERIFY_STACKS_MISSING"
  | "VERIFY_STACK_UNREADABLE"
  | "VERIFY_STACK_EMPTY"
  | "VERIFY_STACK_REGION_UNKNOWN"
  | "VERIFY_OUTPUTS_UNREADABLE"
  | "VERIFY_OUTPUTS_EMPTY"
  | "VERIFY_NOTHING_LEFT"
  | "PREFLIGHT_INPUT_UNUSABLE"
  | "REPLAY_RANGE_UNUSABLE"
  | "REPLAY_TIME_MALFORMED"
  | "REPLAY_TIMED_OUT"
  | "REPLAY_REPLACED"
  | "REPLAY_RECEIVER_SILENT"
  | "VERIFY_STOPPED"
  | "VERIFY_TIME_UP"
  | "VERIFY_UNEXPECTED";

/** An error with a stable code and what to do about it. Holds no secret. */
export class VerifierError extends Error {
  override readonly name = "VerifierError";

  constructor(
    readonly code: VerifierErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? {} : { cause });
  }
}

/** Every error of this layer. */
export const verifierErrors = {
  noRegion(): VerifierError {
    return new VerifierError(
      "VERIFY_NO_REGION",
      "No region was named.",
      "Name regions with --region us eu, or verify all that Konnect documents with --all.",
    );
  },

  regionMalformed(region: string, suggestion: string | undefined): VerifierError {
    return new VerifierError(
      "VERIFY_REGION_MALFORMED",
      `"${cleanText(region, 80)}" can't be a Konnect region.`,
      suggestion
        ? `Did you mean "${suggestion}"?`
        : "A region is a lower-case name such as us, eu or au.",
    );
  },

  expectationMalformed(text: string, fields: readonly string[]): VerifierError {
    return new VerifierError(
      "VERIFY_EXPECTATION_MALFORMED",
      `The expectation ${cleanText(JSON.stringify(text))} can't be read.`,
      `Write field=value, with a field of: ${fields.join(", ")}.`,
    );
  },

  receiverNeeded(level: string): VerifierError {
    return new VerifierError(
      "VERIFY_RECEIVER_NEEDED",
      `Evidence "${level}" can only come from a receiver, and none was named.`,
      "Add --receiver with the address of `konnect-audit listen` or the file that it stores events in, or ask for --evidence status.",
    );
  },

  /** @param name what the message calls it, with its text */
  durationMalformed(name: string): VerifierError {
    return new VerifierError(
      "VERIFY_DURATION_MALFORMED",
      `${cleanText(name)} is no duration.`,
      "Write a number and a unit, for example 500ms, 90s or 2m.",
    );
  },

  durationOutOfRange(name: string, least: number, most: number): VerifierError {
    return new VerifierError(
      "VERIFY_DURATION_OUT_OF_RANGE",
      `${cleanText(name)} is out of range: it must be a duration from ${describe(least)} to ${describe(most)}.`,
      "Write a number and a unit within that, for example 500ms, 90s or 2m.",
    );
  },

  countOutOfRange(name: string, least: number, most: number): VerifierError {
    return new VerifierError(
      "VERIFY_COUNT_OUT_OF_RANGE",
      `${name} must be a whole number from ${least} to ${most}.`,
      "Choose a number within that; one probe a region is enough as a rule.",
    );
  },

  reportFormatUnknown(path: string, known: readonly string[]): VerifierError {
    return new VerifierError(
      "VERIFY_REPORT_FORMAT_UNKNOWN",
      `The report file ${path} has no ending that names a format.`,
      `Use a file name that ends with one of: ${known.join(", ")}.`,
    );
  },

  reportUnwritable(path: string, cause: unknown): VerifierError {
    return new VerifierError(
      "VERIFY_REPORT_UNWRITABLE",
      `The report can't be written to ${path} (${systemCode(cause)}).`,
      "Check that the folder exists and is writable. The verification itself was done: see its output.",
      cause,
    );
  },

  stackUnreadable(stack: string, file: string): VerifierError {
    return new VerifierError(
      "VERIFY_STACK_UNREADABLE",
      `The stack "${stack}" can't be read: ${file} is missing or no synthesized stack.`,
      "Run `cdktf synth` first, and name its folder with --output where it is not cdktf.out.",
    );
  },

  stacksMissing(folder: string): VerifierError {
    return new VerifierError(
      "VERIFY_STACKS_MISSING",
      `There are no synthesized stacks in ${folder}: it has no readable manifest.json.`,
      "Run `cdktf synth` first: verify reads what it wrote. Where its output folder is not cdktf.out, name it with --output.",
    );
  },

  stackEmpty(stack: string, others: readonly string[]): VerifierError {
    const there = others.length > 0 ? `; of this library it has only ${others.join(", ")}` : "";
    return new VerifierError(
      "VERIFY_STACK_EMPTY",
      `The stack "${stack}" declares no audit-log webhook of a region${there}.`,
      "Check the stack's name and that it was synthesized from the present code, or name regions with --region.",
    );
  },

  nothingLeft(leftOut: readonly { region: string; text: string }[]): VerifierError {
    return new VerifierError(
      "VERIFY_NOTHING_LEFT",
      `There is nothing to verify. ${leftOut.map(({ region, text }) => `${cleanText(region, 80)}: ${text}`).join(" ")}`,
      "Enable a webhook and deploy, or name regions with --region.",
    );
  },

  stackRegionUnknown(stack: string): VerifierError {
    return new VerifierError(
      "VERIFY_STACK_REGION_UNKNOWN",
      `A webhook of the stack "${stack}" takes its region from an expression, whose value only Terraform knows.`,
      "Name the regions with --region instead.",
    );
  },

  outputsUnreadable(file: string): VerifierError {
    return new VerifierError(
      "VERIFY_OUTPUTS_UNREADABLE",
      `Terraform's outputs can't be read: ${file} is missing or is not what \`terraform output -json\` prints.`,
      `Run \`terraform output -json > ${file}\` in the configuration's folder.`,
    );
  },

  outputsEmpty(file: string, names: readonly string[]): VerifierError {
    const there = names.length > 0 ? `only ${names.join(", ")}` : "no output at all";
    return new VerifierError(
      "VERIFY_OUTPUTS_EMPTY",
      `No output in ${file} holds a webhook; there is ${there}.`,
      "Add an output with the region, endpoint and log_format of each webhook, apply, and write the file again.",
    );
  },

  preflightInput(what: "endpoint" | "authorization", reason: string, variable?: string) {
    return new VerifierError(
      "PREFLIGHT_INPUT_UNUSABLE",
      `The ${what} ${reason}.`,
      variable
        ? `Set ${variable}${what === "endpoint" ? " or --endpoint" : ""} to what the webhook's \`${what}\` is to be; nothing was sent.`
        : `Give what the webhook's \`${what}\` is to be; nothing was sent.`,
    );
  },

  proxyUnsupported(variable: string): VerifierError {
    return new VerifierError(
      "PREFLIGHT_INPUT_UNUSABLE",
      `${variable} names a SOCKS proxy, which a preflight can't go through; nothing was sent.`,
      "Name an HTTP proxy, or except the endpoint's host with NO_PROXY.",
    );
  },

  replayRange(reason: string): VerifierError {
    return new VerifierError(
      "REPLAY_RANGE_UNUSABLE",
      `Konnect can't replay that stretch of time: ${reason}.`,
      "Choose --since in the past, and --until after it and not in the future.",
    );
  },

  replayTimedOut(region: string): VerifierError {
    return new VerifierError(
      "REPLAY_TIMED_OUT",
      `Konnect did not answer for region "${region}" before the time was over.`,
      "Run again with a longer --within.",
    );
  },

  replayReplaced(region: string): VerifierError {
    return new VerifierError(
      "REPLAY_REPLACED",
      `Konnect no longer shows this replay job in region "${region}", so that its end can't be seen: another one has taken its place.`,
      "Look at what arrived, and start the replay again when the other job has ended.",
    );
  },

  receiverSilent(): VerifierError {
    return new VerifierError(
      "REPLAY_RECEIVER_SILENT",
      "The receiver did not tell in time what has come to it.",
      "Check that it runs and answers, or leave --receiver out.",
    );
  },

  replayTimeMalformed(text: string): VerifierError {
    return new VerifierError(
      "REPLAY_TIME_MALFORMED",
      `${cleanText(JSON.stringify(text))} is neither a time nor a duration.`,
      "Write a time such as 2026-11-22T10:00:00Z, or how long ago it was: 90m, 6h, 2d.",
    );
  },

  stopped(region?: string | undefined): VerifierError {
    const what = region === undefined ? "The command" : `The work on region "${region}"`;
    return new VerifierError(
      "VERIFY_STOPPED",
      `${what} was stopped before it was done.`,
      "Run it again.",
    );
  },

  timeUp(region?: string | undefined): VerifierError {
    const what = region === undefined ? "The command" : `The work on region "${region}"`;
    return new VerifierError(
      "VERIFY_TIME_UP",
      `${what} was not done when its time (--within) was up: Konnect, the receiver or a file did not answer in time.`,
      "Check that they can be reached from here, and allow more time with --within.",
    );
  },

  unexpected(region: string, cause: unknown): VerifierError {
    const name = cause instanceof Error ? cause.name : "unknown cause";
    return new VerifierError(
      "VERIFY_UNEXPECTED",
      `The work on region "${region}" failed in a way that it should not (${name}).`,
      "Please report this with the version and the command line.",
      cause,
    );
  },
};

/** A duration as it is written in options. @param duration milliseconds */
function describe(duration: number): string {
  if (duration < 1_000) return `${Math.round(duration)}ms`;
  if (duration % 86_400_000 === 0) return `${duration / 86_400_000}d`;
  return duration % 3_600_000 === 0
    ? `${duration / 3_600_000}h`
    : `${Math.round(duration / 1_000)}s`;
}
