import * as z from "zod";
import type { CleanText } from "../core/foreign-text.js";
import { explainedErrorSchema } from "./explained.js";
import { exitCodeSchema } from "./report.js";

const jobSchema = z.object({
  start_at: z.string().nullable(),
  end_at: z.string().nullable(),
  status: z.string(),
  updated_at: z.string().nullable(),
});

const regionReplaySchema = z.object({
  region: z.string(),
  outcome: z
    .enum(["completed", "failed", "running", "not started", "error"])
    .describe("`running`: the waiting ended first."),
  status: z.string().nullable().describe("Konnect's own word for the job that was asked for."),
  started_by: z
    .enum(["this run", "another run"])
    .nullable()
    .describe(
      "`another run`: a job of the same range was under way already. Null when none was started.",
    ),
  job: jobSchema
    .nullable()
    .describe("The job that Konnect showed last, whoever started it; null when none was seen."),
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
    started_at: z.string().describe("Begin of the run, by this machine's clock; ISO 8601."),
    ended_at: z.string().describe("End of the run; ISO 8601."),
    start_at: z.string().describe("Begin of what was to be delivered again; ISO 8601."),
    end_at: z.string().describe("End of what was to be delivered again; ISO 8601."),
    exit_code: exitCodeSchema,
    arrived: arrivalsSchema
      .nullable()
      .describe("What came to the receiver meanwhile, from all regions; null when none was asked."),
    arrived_error: explainedErrorSchema
      .nullable()
      .describe("Why it is not known what came to the receiver."),
    warnings: z.array(z.string()),
    regions: z.array(regionReplaySchema),
  })
  .meta({ title: "Replay report", description: "What `konnect-audit replay --json` prints." });

type WrittenReport = z.output<typeof replayReportSchema>;
type WrittenRegion = z.output<typeof regionReplaySchema>;

/** A replay job as reports show it: clean of what Konnect might put into its words. */
export interface ShownReplayJob {
  start_at: CleanText | null;
  end_at: CleanText | null;
  status: CleanText;
  updated_at: CleanText | null;
}

export interface RegionReplay extends WrittenRegion {
  status: CleanText | null;
  job: ShownReplayJob | null;
  hint: CleanText | null;
}

export interface ReplayReport extends WrittenReport {
  warnings: CleanText[];
  regions: RegionReplay[];
}

export type Arrivals = z.output<typeof arrivalsSchema>;
