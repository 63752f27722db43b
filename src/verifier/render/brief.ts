import { describeEvidence, describeOutcome } from "../describe.js";
import type { VerificationReport } from "../report.js";

/**
 * The report in the fewest lines, for a deploy's output: a line per region that passed; for each other one what the
 * SIEM answered, where, and the fix.
 */
export function renderBrief(report: VerificationReport): string {
  const lines = report.regions.flatMap((region) => {
    const { verdict, endpoint, error, hint, differences } = region;
    const where = endpoint && !error ? ` (${endpoint})` : "";
    const finding = error?.message ?? `${verdict}: ${describeEvidence(region)}${where}`;
    if (region.outcome === "passed") return [`${region.region}: ${finding}`];
    return [
      `${region.region}: ${finding}`,
      ...differences.map(
        ({ field, expected, actual }) => `  ${field}: expected ${expected}, found ${actual}`,
      ),
      ...(hint ? [`  Fix: ${hint}`] : []),
    ];
  });
  return [...lines, describeOutcome(report.regions)].join("\n");
}
