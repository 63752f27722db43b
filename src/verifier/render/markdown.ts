import { describeEvidence, describeOutcome } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { escapeMarkdown } from "./escape.js";

const marks: Readonly<Record<RegionReport["outcome"], string>> = {
  passed: "✅",
  failed: "❌",
  error: "⚠️",
};

/** The report as Markdown, for a job summary or a pull request. */
export function renderMarkdown(report: VerificationReport): string {
  const rows = report.regions.map((region) =>
    [
      escapeMarkdown(region.region),
      `${marks[region.outcome]} ${region.verdict ?? "error"}`,
      escapeMarkdown(describeEvidence(region)),
      region.latency_ms === null ? "–" : formatDuration(region.latency_ms),
    ].join(" | "),
  );
  return [
    "## Audit-log delivery",
    "",
    `${marks[report.outcome]} ${describeOutcome(report.regions)} Evidence asked for: ${report.required_evidence}. Took ${formatDuration(report.duration_ms)}.`,
    "",
    "| Region | Verdict | Evidence | Latency |",
    "| --- | --- | --- | ---: |",
    ...rows.map((row) => `| ${row} |`),
    "",
    ...report.regions.filter(({ outcome }) => outcome !== "passed").flatMap(details),
  ].join("\n");
}

function details(report: RegionReport): string[] {
  const { region, error, differences, endpoint, hint } = report;
  return [
    `### ${escapeMarkdown(region)}`,
    "",
    ...(error ? [escapeMarkdown(error.message), ""] : []),
    ...differences.map(
      ({ field, expected, actual }) =>
        `- ${escapeMarkdown(`${field}: expected ${expected}, found ${actual}`)}`,
    ),
    ...(endpoint ? [`- Endpoint: ${escapeMarkdown(endpoint)}`] : []),
    ...(hint ? [`- Fix: ${escapeMarkdown(hint)}`] : []),
    "",
  ];
}
