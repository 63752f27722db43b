import { describeEvidence } from "../describe.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { type JUnitCase, renderJUnitXml } from "./junit-xml.js";

/** The report as JUnit XML: a test case per region. */
export function renderJUnit({ regions, duration_ms, started_at }: VerificationReport): string {
  const suite = {
    name: "konnect-audit verify",
    cases: regions.map(testCase),
    milliseconds: duration_ms,
    timestamp: started_at,
  };
  return renderJUnitXml(suite.name, [suite]);
}

function testCase(report: RegionReport): JUnitCase {
  const { region, outcome, verdict, error, timeline } = report;
  const named = {
    classname: "konnect-audit.verify",
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
      text: details(report),
    },
  };
}

function details({ hint, timeline }: RegionReport): string {
  const moments = timeline.map(
    ({ after_ms, text }) => `${(after_ms / 1000).toFixed(3)} s  ${text}`,
  );
  return [...(hint ? [hint] : []), ...moments].join("\n");
}
