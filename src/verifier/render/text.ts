import pc from "picocolors";
import { describeEvidence, describeOutcome } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const width = 80;
const verdictWidth = "misconfigured".length;
const latencyWidth = "latency".length;
const gap = "  ";

/** The report as a table of at most 80 columns, and below each row that did not pass what to do. */
export function renderText(
  report: VerificationReport,
  colors: Colors = pc.createColors(false),
): string {
  const regionWidth = Math.max(6, ...report.regions.map(({ region }) => region.length));
  const evidenceWidth = Math.max(20, width - regionWidth - verdictWidth - latencyWidth - 6);
  const row = (region: string, verdict: string, evidence: string, latency: string) =>
    [
      region.padEnd(regionWidth),
      verdict.padEnd(verdictWidth),
      evidence.padEnd(evidenceWidth),
      latency.padStart(latencyWidth),
    ].join(gap);
  const lines = report.regions.flatMap((region) => {
    const [first = "", ...rest] = wrap(describeEvidence(region), evidenceWidth);
    const verdict = region.verdict ?? "error";
    const latency = region.latency_ms === null ? "-" : formatDuration(region.latency_ms);
    return [
      row(region.region, verdict, first, latency).replace(verdict, paint(region, colors)),
      ...rest.map((line) => row("", "", line, "").trimEnd()),
      ...details(region, regionWidth, colors),
    ];
  });
  return [
    colors.bold(row("REGION", "VERDICT", "EVIDENCE", "LATENCY")),
    ...lines,
    "",
    describeOutcome(report.regions),
    `Evidence asked for: ${report.required_evidence}. Took ${formatDuration(report.duration_ms)}.`,
  ].join("\n");
}

function details(report: RegionReport, indent: number, colors: Colors): string[] {
  if (report.outcome === "passed") return [];
  const inset = " ".repeat(indent + gap.length);
  const paragraphs = [
    ...(report.error ? [report.error.message] : []),
    ...report.differences.map(
      ({ field, expected, actual }) => `${field}: expected ${expected}, found ${actual}`,
    ),
    ...(report.endpoint && !report.error ? [`Endpoint: ${report.endpoint}`] : []),
    ...(report.hint ? [`Fix: ${report.hint}`] : []),
  ];
  return paragraphs
    .flatMap((paragraph) => wrap(paragraph, width - inset.length))
    .map((line) => colors.dim(`${inset}${line}`));
}

function paint({ outcome, verdict }: RegionReport, colors: Colors): string {
  const text = verdict ?? "error";
  return outcome === "passed" ? colors.green(text) : colors.red(text);
}
