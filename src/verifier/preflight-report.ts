import * as z from "zod";
import { exitCodeSchema } from "./report.js";

export const preflightReportSchema = z
  .object({
    schema_version: z.literal(1),
    kind: z.literal("konnect-audit/preflight"),
    endpoint: z.string().describe("Masked where it may hold a secret."),
    outcome: z
      .enum(["passed", "failed", "error"])
      .describe("`error`: it can't be told from this machine."),
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

export type PreflightReport = z.output<typeof preflightReportSchema>;
