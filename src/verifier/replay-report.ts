import * as z from "zod";
import { explainedErrorSchema } from "./explained.js";
import { exitCodeSchema } from "./report.js";

const regionReplaySchema = z.object({
  region: z.string(),
  outcome: z
    .enum(["completed", "failed", "running", "not started", "error"])
    .describe("`running`: the waiting ended first."),
  status: z.string().nullable().describe("Konnect's own word for the job."),
  hint: z.string().nullable().describe("Why, or what to do."),
  error: explainedErrorSchema.nullable(),
});

const arrivalsSchema = z.object({
  new_events: z.number().int().describe("Events that the receiver had not had before."),
  known_events: z.number().int().nullable().describe("Events that it had; a file does not tell."),
});

export const replayReportSchema = z
  .object({
    schema_version: z.literal(1),
    kind: z.literal("konnect-audit/replay"),
    start_at: z.string().describe("ISO 8601."),
    end_at: z.string().describe("ISO 8601."),
    exit_code: exitCodeSchema,
    arrived: arrivalsSchema
      .nullable()
      .describe("What came to the receiver meanwhile, from all regions; null when none was asked."),
    regions: z.array(regionReplaySchema),
  })
  .meta({ title: "Replay report", description: "What `konnect-audit replay --json` prints." });

export type ReplayReport = z.output<typeof replayReportSchema>;
export type RegionReplay = z.output<typeof regionReplaySchema>;
export type Arrivals = z.output<typeof arrivalsSchema>;
