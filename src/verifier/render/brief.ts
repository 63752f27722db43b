import { cleanReport } from "../clean-report.js";
import { describeEvidence, describeOutcome, failuresFirst } from "../describe.js";
import type { VerificationReport } from "../report.js";

/**
 * The report in the fewest lines, for a deploy's output: a line per region that passed; for each other one what the
 * SIEM answered, where, and the fix.
 */
export function renderBrief(given: VerificationReport): string {
  const report = cleanReport(given);
  const { left_out: leftOut = [], warnings = [], regions } = report;
  const lines = failuresFirst(regions).flatMap((region) => {
    const { verdict, endpoint, error, hint, differences } = region;
    const found = `${verdict}: ${describeEvidence(region)}`;
    if (region.outcome === "passed") return [`${region.region}: ${found}`];
    const where = endpoint ? ` (${endpoint})` : "";
    return [
      `${region.region}: ${error?.message ?? `${found}${where}`}`,
      ...differences.map(
        ({ field, expected, actual }) => `  ${field}: expected ${expected}, found ${actual}`,
      ),
      ...(hint ? [`  Fix: ${hint}`] : []),
    ];
  });
  return [
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...lines,
    ...leftOut.map(({ region, text }) => `${region}: ${text}`),
    describeOutcome(regions, leftOut),
  ].join("\n");
}
