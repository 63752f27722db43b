import { cleanReport } from "../clean-report.js";
import { describeEvidence, describeOutcome, failuresFirst } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { LeftOut } from "../left-out.js";
import type { RegionReport, ReplayAdvice, VerificationReport } from "../report.js";
import { escapeMarkdown } from "./escape.js";
import { groupAdvice } from "./replay-advice.js";

/** By it, a comment that holds the report is found again, to be replaced. */
const marker = "<!-- konnect-audit verify -->";

const marks: Readonly<Record<RegionReport["outcome"], string>> = {
  passed: "✅",
  failed: "❌",
  error: "⚠️",
};

/** The report as Markdown, for a job summary or a pull request; what failed first. */
export function renderMarkdown(given: VerificationReport): string {
  const report = cleanReport(given);
  const { left_out: leftOut = [], warnings = [], replay_advice: advice = [] } = report;
  const regions = failuresFirst(report.regions);
  const rows = regions.map((region) =>
    [
      escapeMarkdown(region.region),
      `${marks[region.outcome]} ${region.verdict ?? "error"}`,
      escapeMarkdown(describeEvidence(region)),
      region.latency_ms === null ? "–" : formatDuration(region.latency_ms),
    ].join(" | "),
  );
  return [
    marker,
    "## Audit-log delivery",
    "",
    `${marks[report.outcome]} ${describeOutcome(report.regions, leftOut)} Evidence asked for: ${report.required_evidence}. Begun at ${escapeMarkdown(report.started_at)}, took ${formatDuration(report.duration_ms)}.`,
    "",
    ...warnings.flatMap((warning) => [`⚠️ Warning: ${escapeMarkdown(warning)}`, ""]),
    "| Region | Verdict | Evidence | Latency |",
    "| --- | --- | --- | ---: |",
    ...[...rows, ...leftOut.map(leftOutRow)].map((row) => `| ${row} |`),
    "",
    ...regions.filter(({ outcome }) => outcome !== "passed").flatMap(details),
    ...replaySection(advice),
  ].join("\n");
}

function leftOutRow({ region, reason, outcome, text }: LeftOut): string {
  const mark = outcome === "failed" ? marks.failed : "⏸️";
  return `${escapeMarkdown(region)} | ${mark} ${reason} | ${escapeMarkdown(text)} | –`;
}

function replaySection(advice: readonly ReplayAdvice[]): string[] {
  if (advice.length === 0) return [];
  const entries = groupAdvice(advice).flatMap(({ regions, text, command }) => [
    `- ${escapeMarkdown(`${regions.join(", ")}: ${text}`)}`,
    ...(command ? ["", `  \`\`\`shell\n  ${command.replaceAll("`", "")}\n  \`\`\``, ""] : []),
  ]);
  return ["### Lost deliveries", "", ...entries, ""];
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
