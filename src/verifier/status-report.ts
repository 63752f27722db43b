import * as z from "zod";
import { explainedErrorSchema } from "./explained.js";
import { attemptSchema, exitCodeSchema } from "./report.js";

const regionHealthSchema = z.object({
  region: z.string(),
  health: z
    .enum(["healthy", "failing", "paused", "unconfigured", "error"])
    .describe("`failing`: the last delivery failed; `error`: it could not be read."),
  endpoint: z.string().nullable().describe("Masked where it may hold a secret."),
  log_format: z.string().nullable(),
  webhook_status: z.string().nullable().describe("Konnect's own word."),
  last_attempt: attemptSchema.nullable(),
  hint: z.string().nullable().describe("What to do."),
  error: explainedErrorSchema.nullable(),
});

export const healthReportSchema = z
  .object({
    schema_version: z.literal(1),
    kind: z.literal("konnect-audit/status"),
    read_at: z.string().describe("ISO 8601."),
    exit_code: exitCodeSchema,
    regions: z.array(regionHealthSchema),
  })
  .meta({ title: "Status report", description: "What `konnect-audit status --json` prints." });

export type HealthReport = z.output<typeof healthReportSchema>;
export type RegionHealth = z.output<typeof regionHealthSchema>;
/** How a region's webhook is. */
export type Health = RegionHealth["health"];
