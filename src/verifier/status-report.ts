import * as z from "zod";
import { explainedErrorSchema } from "./explained.js";
import { leftOutSchema } from "./left-out.js";
import { attemptSchema, exitCodeSchema } from "./report.js";

const regionHealthSchema = z.object({
  region: z.string(),
  health: z
    .enum(["healthy", "failing", "paused", "unconfigured", "untried", "stale", "unknown", "error"])
    .describe(
      "`healthy`: the last delivery was accepted; `failing`: it failed, or Konnect has given up; `untried`: there was none yet; `stale`: it was accepted longer ago than `max_age_ms`; `unknown`: Konnect's status has words that are not known; `error`: it could not be read.",
    ),
  endpoint: z.string().nullable().describe("Masked where it may hold a secret."),
  log_format: z.string().nullable(),
  webhook_status: z.string().nullable().describe("Konnect's own word."),
  last_attempt: attemptSchema.nullable(),
  last_attempt_age_ms: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .optional()
    .describe("How old the last attempt was, by Konnect's clock."),
  hint: z.string().nullable().describe("What to do."),
  error: explainedErrorSchema.nullable(),
});

export const healthReportSchema = z
  .object({
    schema_version: z.literal(1),
    kind: z.literal("konnect-audit/status"),
    read_at: z.string().describe("ISO 8601."),
    max_age_ms: z
      .number()
      .nonnegative()
      .optional()
      .describe("From which age on an accepted attempt is `stale`, in milliseconds."),
    outcome: z
      .enum(["passed", "failed", "error"])
      .optional()
      .describe("`failed`: one does not deliver, or nothing shows that it does; `error` beats it."),
    exit_code: exitCodeSchema,
    regions: z.array(regionHealthSchema),
    left_out: z.array(leftOutSchema).optional().describe("Regions that were not looked at."),
    warnings: z.array(z.string()).optional().describe("What may be a slip in the command."),
  })
  .meta({ title: "Status report", description: "What `konnect-audit status --json` prints." });

export type HealthReport = z.output<typeof healthReportSchema>;
export type RegionHealth = z.output<typeof regionHealthSchema>;
/** How a region's webhook fares, as the report says it. */
export type ReportedHealth = RegionHealth["health"];
