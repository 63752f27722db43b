import * as z from "zod";
import type { CleanText } from "../core/foreign-text.js";

/** Text that was cleaned before it came into a report; the schema sees a string. */
const clean = z.string() as unknown as z.ZodType<CleanText>;

/** What a drift check can find; each kind means that something has to be done. */
export const findingKinds = ["drift", "pending", "gate failed", "delivery failing"] as const;

/** Verdict on a stack, best first. */
const driftVerdicts = ["in sync", "out of sync", "error"] as const;

const findingSchema = z.object({
  kind: z.enum(findingKinds),
  resource: clean.describe("The resource's address in Terraform."),
  region: clean.optional().describe("Left out where the plan does not show it."),
  field: clean.optional().describe("The attribute, when the finding is about one."),
  expected: clean.describe("What the code, or the last apply, says; secrets are masked."),
  actual: clean.describe("What is there; secrets are masked."),
});

const ignoredFindingSchema = findingSchema.extend({
  reason: clean.describe("The rule's reason."),
  expires: z.string().describe("The last day, in UTC, that the rule holds."),
});

const unverifiableSchema = z.object({
  resource: clean,
  region: clean.optional(),
  what: z
    .enum(["authorization", "delivery"])
    .describe("The credential, or whether deliveries succeed."),
  reason: clean,
});

const deliveryCheckSchema = z.object({
  resource: clean.describe("The check's address in Terraform."),
  region: clean.optional(),
  outcome: z.enum(["succeed", "fail", "unknown"]).describe("What it says of deliveries."),
});

const stackReportSchema = z.object({
  stack: clean,
  verdict: z.enum(driftVerdicts),
  findings: z.array(findingSchema),
  ignored: z.array(ignoredFindingSchema).describe("Findings that a rule in force covers."),
  unverifiable: z.array(unverifiableSchema).describe("What no plan can tell."),
  healthErrors: z.array(unverifiableSchema).describe("Health that could not be read."),
  deliveryChecks: z
    .array(deliveryCheckSchema)
    .optional()
    .describe("What the code's health checks say; left out without them."),
  unwatched: z
    .array(z.object({ resource: clean, region: clean.optional() }))
    .optional()
    .describe("Webhooks whose deliveries no health check of the code judges; left out if none."),
  error: z
    .object({ code: z.string(), message: clean, remedy: clean })
    .optional()
    .describe("Why the check was inconclusive."),
});

const ruleSchema = z.object({
  stack: clean.optional(),
  region: clean,
  field: clean,
  reason: clean,
  expires: z.string(),
});

export const driftReportSchema = z
  .object({
    schemaVersion: z
      .literal(1)
      .describe("Grows when a field changes its meaning or goes away; new ones leave it."),
    checkedAt: z.iso.datetime().describe("When the check began, in UTC."),
    verdict: z.enum(driftVerdicts).describe("The worst of all stacks; an error beats all."),
    health: z.boolean().describe("True if deliveries were judged too."),
    stacks: z.array(stackReportSchema),
    ignoreRules: z
      .object({
        expired: z.array(ruleSchema).describe("Past their day: what they covered counts again."),
        stale: z.array(ruleSchema).describe("In force, but nothing matches them any more."),
      })
      .describe("Rules of the ignore file to review."),
  })
  .meta({ title: "Drift report", description: "What `konnect-audit drift --json` prints." });

export type DriftReport = z.output<typeof driftReportSchema>;
export type StackReport = z.output<typeof stackReportSchema>;
export type Finding = z.output<typeof findingSchema>;
export type FindingKind = Finding["kind"];
export type Unverifiable = z.output<typeof unverifiableSchema>;
export type DeliveryCheck = z.output<typeof deliveryCheckSchema>;
export type IgnoreRule = z.output<typeof ruleSchema>;

/** The JSON Schema (draft 2020-12) of what `konnect-audit drift --json` prints. */
export function driftReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(driftReportSchema) as Record<string, unknown>;
}
