import * as z from "zod";
import { preflightReportSchema } from "./preflight-report.js";
import { replayReportSchema } from "./replay-report.js";
import { verificationReportSchema } from "./report.js";
import { healthReportSchema } from "./status-report.js";

const schemas = {
  verification: verificationReportSchema,
  status: healthReportSchema,
  preflight: preflightReportSchema,
  replay: replayReportSchema,
} as const;

/** The reports that the verifier's commands print with `--json`. */
export const reportNames = Object.keys(schemas) as (keyof typeof schemas)[];

/** The JSON Schema (draft 2020-12) of a report. */
export function reportJsonSchema(name: keyof typeof schemas): Record<string, unknown> {
  return z.toJSONSchema(schemas[name]) as Record<string, unknown>;
}
