import { cleanReport } from "../clean-report.js";
import { describeEvidence } from "../describe.js";
import type { LeftOut } from "../left-out.js";
import type { RegionReport, ReplayAdvice, VerificationReport } from "../report.js";
import { type JUnitCase, renderJUnitXml } from "./junit-xml.js";

const classname = "konnect-audit.verify";

/** The report as JUnit XML: a test case per region, one for what was left out, and what else is to be known as output. */
export function renderJUnit(given: VerificationReport): string {
  const report = cleanReport(given);
  const { regions, left_out: leftOut = [], warnings = [], replay_advice: advice = [] } = report;
  const suite = {
    name: "konnect-audit verify",
    cases: [...regions.map((region) => testCase(region, advice)), ...leftOut.map(leftOutCase)],
    milliseconds: report.duration_ms,
    timestamp: report.started_at,
    output: [
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...advice.flatMap(({ region, text, command }) => [
        `${region}: ${text}`,
        ...(command ? [`  ${command}`] : []),
      ]),
    ],
  };
  return renderJUnitXml(suite.name, [suite]);
}

function leftOutCase({ region, reason, outcome, text }: LeftOut): JUnitCase {
  return {
    classname,
    name: `audit events of ${region} are delivered`,
    outcome: {
      element: outcome === "failed" ? "failure" : "skipped",
      type: reason,
      message: text,
      text,
    },
  };
}

function testCase(report: RegionReport, advice: readonly ReplayAdvice[]): JUnitCase {
  const { region, outcome, verdict, error, timeline } = report;
  const named = {
    classname,
    name: `audit events of ${region} are delivered`,
    milliseconds: timeline.at(-1)?.after_ms ?? 0,
  };
  if (outcome === "passed") return named;
  return {
    ...named,
    outcome: {
      element: outcome === "failed" ? "failure" : "error",
      type: verdict ?? error?.code ?? "error",
      message: error?.message ?? `${verdict}: ${describeEvidence(report)}`,
      text: details(report, advice),
    },
  };
}

function details(
  { region, hint, timeline }: RegionReport,
  advice: readonly ReplayAdvice[],
): string {
  const moments = timeline.map(
    ({ after_ms, text }) => `${(after_ms / 1000).toFixed(3)} s  ${text}`,
  );
  const commands = advice.flatMap((entry) =>
    entry.region === region && entry.command ? [entry.command] : [],
  );
  return [...(hint ? [hint] : []), ...commands, ...moments].join("\n");
}
