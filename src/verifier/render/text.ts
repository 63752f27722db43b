import pc from "picocolors";
import { cleanReport } from "../clean-report.js";
import { describeEvidence, describeOutcome, failuresFirst } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { LeftOut } from "../left-out.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { renderReplayAdvice } from "./replay-advice.js";
import { sharedHints } from "./shared-hints.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const width = 80;
const verdictWidth = "misconfigured".length;
const latencyWidth = "latency".length;
const gap = "  ";

/** The report as a table of at most 80 columns, what failed first, and below a row that did not pass what to do. */
export function renderText(
  given: VerificationReport,
  colors: Colors = pc.createColors(false),
): string {
  const report = cleanReport(given);
  const { left_out: leftOut = [], warnings = [], replay_advice: advice } = report;
  const regionWidth = Math.max(
    6,
    ...[...report.regions, ...leftOut].map(({ region }) => region.length),
  );
  const evidenceWidth = Math.max(20, width - regionWidth - verdictWidth - latencyWidth - 6);
  const row = ([region, verdict, evidence, latency]: readonly [string, string, string, string]) =>
    [
      region.padEnd(regionWidth),
      verdict.padEnd(verdictWidth),
      evidence.padEnd(evidenceWidth),
      latency.padStart(latencyWidth),
    ]
      .join(gap)
      .trimEnd();
  const rows = (
    { region, verdict, evidence, latency }: Row,
    paint: (text: string) => string,
  ): string[] => {
    const [first = "", ...rest] = wrap(evidence, evidenceWidth);
    return [
      row([region, verdict, first, latency]).replace(verdict, paint(verdict)),
      ...rest.map((line) => row(["", "", line, ""])),
    ];
  };
  const shared = sharedHints(report.regions);
  const lines = failuresFirst(report.regions).flatMap((region) => [
    ...rows(rowOf(region), region.outcome === "passed" ? colors.green : colors.red),
    ...details(region, { indent: regionWidth + gap.length, shared, colors }),
  ]);
  return [
    ...warnings.flatMap((warning) => wrap(`Warning: ${warning}`, width)).map(colors.yellow),
    colors.bold(row(["REGION", "VERDICT", "EVIDENCE", "LATENCY"])),
    ...lines,
    ...leftOut.flatMap((entry) => rows(leftOutRow(entry), colors.yellow)),
    "",
    ...[...shared].flatMap(([hint, regions]) =>
      wrap(`Fix for ${regions.join(", ")}: ${hint}`, width),
    ),
    describeOutcome(report.regions, leftOut),
    `Evidence asked for: ${report.required_evidence}. Took ${formatDuration(report.duration_ms)}.`,
    `Begun at ${report.started_at}.`,
    ...(advice ? renderReplayAdvice(advice) : []),
  ].join("\n");
}

interface Row {
  region: string;
  verdict: string;
  evidence: string;
  latency: string;
}

function rowOf(report: RegionReport): Row {
  const { region, verdict, latency_ms: latency } = report;
  return {
    region,
    verdict: verdict ?? "error",
    evidence: describeEvidence(report),
    latency: latency === null ? "-" : formatDuration(latency),
  };
}

function leftOutRow({ region, reason, text }: LeftOut): Row {
  return { region, verdict: reason, evidence: text, latency: "" };
}

interface Detailed {
  indent: number;
  /** Hints of several regions, which are said once below the table. */
  shared: ReadonlyMap<string, readonly string[]>;
  colors: Colors;
}

function details(report: RegionReport, { indent, shared, colors }: Detailed): string[] {
  if (report.outcome === "passed") return [];
  const inset = " ".repeat(indent);
  const indented = (paragraph: string) =>
    wrap(paragraph, width - indent).map((line) => `${inset}${line}`);
  const facts = [
    ...(report.error ? [report.error.message] : []),
    ...report.differences.map(
      ({ field, expected, actual }) => `${field}: expected ${expected}, found ${actual}`,
    ),
    ...(report.endpoint && !report.error ? [`Endpoint: ${report.endpoint}`] : []),
  ];
  const { hint } = report;
  return [
    ...facts.flatMap(indented).map(colors.dim),
    // Not dimmed: it is what a reader needs most.
    ...(hint && !shared.has(hint) ? indented(`Fix: ${hint}`) : []),
  ];
}
