import * as z from "zod";
import { explainedErrorSchema } from "./explained.js";
import { leftOutSchema } from "./left-out.js";
import { evidenceLevels, verdictNames } from "./verdicts.js";

/** Grows when a field changes its meaning or goes away; new fields leave it as it is. */
export const reportSchemaVersion = 1;

/** 0 all is well, 2 it is not, 1 inconclusive. */
export const exitCodeSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]);

const milliseconds = z.number().int().nonnegative();

const probeSchema = z.object({
  id: z.string().describe("The random part of the User-Agent konnect-audit-probe/{id}."),
  sent_at: z.string().describe("ISO 8601, by the clock of the machine that ran the verifier."),
  arrived_after_ms: milliseconds.nullable().describe("When it was found at the receiver, or null."),
  signature: z.enum(["valid", "invalid", "unsigned", "unverifiable"]).nullable(),
});

export const attemptSchema = z.object({
  at: z.string().describe("ISO 8601, by Konnect's clock."),
  response_code: z.number().int().nullable().describe("Null when the endpoint did not answer."),
  response_message: z.string().nullable(),
});

const differenceSchema = z.object({
  field: z.string(),
  expected: z.string(),
  actual: z.string(),
});

const timelineKinds = [
  "probe",
  "attempt",
  "retry",
  "arrival",
  "signature",
  "problem",
  "verdict",
] as const;

const momentSchema = z.object({
  after_ms: milliseconds.describe("Since the region's verification began."),
  kind: z
    .enum(timelineKinds)
    .describe("`retry`: an attempt after a failed one; `signature`: it was verified."),
  text: z.string(),
});

const regionReportSchema = z.object({
  region: z.string(),
  outcome: z
    .enum(["passed", "failed", "error"])
    .describe("`error`: inconclusive; `verdict` is null then."),
  verdict: z.enum(verdictNames).nullable(),
  evidence: z
    .enum(evidenceLevels)
    .nullable()
    .describe("What the verdict stands on; null when nothing shows a delivery."),
  signature: z.enum(["valid", "invalid", "unsigned", "unverifiable"]).nullable(),
  latency_ms: milliseconds
    .nullable()
    .describe("From the first probe until its evidence was seen; null without evidence."),
  endpoint: z.string().nullable().describe("Masked where it may hold a secret."),
  log_format: z.string().nullable(),
  last_attempt: attemptSchema.nullable().describe("The last attempt after the probe."),
  recorded: z
    .boolean()
    .nullable()
    .describe(
      "Whether Konnect's own record holds the probes' events; it proves no delivery. Null when it was not asked for, or inconclusive.",
    ),
  lost_since: z
    .string()
    .nullable()
    .describe(
      "Konnect's time of the first failed attempt that was seen, or of a probe that was lost on the way; losses may be older.",
    ),
  lost_until: z
    .string()
    .nullable()
    .describe("Konnect's time of the attempt that was accepted again; null while none was."),
  probes: z.array(probeSchema),
  differences: z.array(differenceSchema).describe("Where the webhook is not as expected."),
  hint: z.string().nullable().describe("What to do."),
  error: explainedErrorSchema.nullable(),
  timeline: z.array(momentSchema),
});

const replayAdviceSchema = z.object({
  region: z.string(),
  text: z.string().describe("What is known of lost deliveries, and what can't be seen."),
  command: z
    .string()
    .nullable()
    .describe("Has Konnect deliver again what was lost; null where nothing was seen to be lost."),
});

export const verificationReportSchema = z
  .object({
    schema_version: z.literal(reportSchemaVersion),
    kind: z.literal("konnect-audit/verification"),
    started_at: z.string().describe("ISO 8601."),
    duration_ms: milliseconds,
    required_evidence: z.enum(evidenceLevels),
    outcome: z
      .enum(["passed", "failed", "error"])
      .describe("The worst of all regions; `error` beats `failed`."),
    exit_code: exitCodeSchema,
    regions: z.array(regionReportSchema),
    // Reports of older versions don't have the following.
    left_out: z
      .array(leftOutSchema)
      .optional()
      .describe("What belongs to what was verified, and was not looked at."),
    warnings: z.array(z.string()).optional().describe("What may be a slip in the command."),
    replay_advice: z
      .array(replayAdviceSchema)
      .optional()
      .describe("What to have delivered again; only with `--replay-on-gap`."),
  })
  .meta({
    title: "Verification report",
    description: "What `konnect-audit verify --json` prints.",
  });

export type VerificationReport = z.output<typeof verificationReportSchema>;
export type RegionReport = z.output<typeof regionReportSchema>;
export type Moment = z.output<typeof momentSchema>;
export type ReplayAdvice = z.output<typeof replayAdviceSchema>;
export type Difference = z.output<typeof differenceSchema>;

/** Exit codes: 0 all as asked for, 2 not, 1 inconclusive. */
export const exitCodes = { passed: 0, failed: 2, error: 1 } as const;

/** The outcome of a run: what is inconclusive beats what failed; what was skipped does not count. */
export function overallOutcome(
  regions: readonly { outcome: RegionReport["outcome"] | "skipped" }[],
): RegionReport["outcome"] {
  const outcomes = regions.map(({ outcome }) => outcome);
  if (outcomes.includes("error")) return "error";
  return outcomes.includes("failed") ? "failed" : "passed";
}
