import * as z from "zod";
import { verificationReportSchema } from "./report.js";

/** The JSON Schema (draft 2020-12) of what `konnect-audit verify --json` prints. */
export function verificationReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(verificationReportSchema) as Record<string, unknown>;
}
