import * as z from "zod";
import type { CleanText } from "../core/foreign-text.js";
import { exitCodeSchema } from "./report.js";

export const preflightReportSchema = z
  .object({
    schema_version: z.literal(1),
    kind: z.literal("konnect-audit/preflight"),
    started_at: z.string().describe("When it was posted, by this machine's clock; ISO 8601."),
    endpoint: z.string().describe("Masked where it may hold a secret."),
    outcome: z
      .enum(["passed", "failed", "error"])
      .describe("`error`: inconclusive from this machine."),
    exit_code: exitCodeSchema,
    event_id: z
      .string()
      .describe(
        "Finds the synthetic event in the SIEM: its `user_agent` is konnect-audit-preflight/{id}.",
      ),
    finding: z.string(),
    response_code: z.number().int().nullable().describe("Null when the endpoint did not answer."),
    route: z.string().describe("How it got there: `direct`, or through which proxy."),
    answer: z
      .string()
      .nullable()
      .describe("The beginning of the SIEM's answer, without the credential."),
    hint: z.string().nullable().describe("What to do."),
    caveats: z.array(z.string()).describe("What may be different for Konnect."),
  })
  .meta({
    title: "Preflight report",
    description: "What `konnect-audit preflight --json` prints.",
  });

type Written = z.output<typeof preflightReportSchema>;

/** The outcome of a preflight; what it shows of others is clean. */
export interface PreflightReport extends Written {
  endpoint: CleanText;
  finding: CleanText;
  route: CleanText;
  answer: CleanText | null;
  hint: CleanText | null;
  caveats: CleanText[];
}
