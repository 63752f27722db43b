import { describeEvidence } from "../describe.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { escapeMarkup } from "./escape.js";

/** The report as JUnit XML, which CI systems show as test results: a test case per region. */
export function renderJUnit(report: VerificationReport): string {
  const { regions, duration_ms, started_at } = report;
  const count = (outcome: RegionReport["outcome"]) =>
    regions.filter((region) => region.outcome === outcome).length;
  const suite = attributes({
    name: "konnect-audit verify",
    tests: regions.length,
    failures: count("failed"),
    errors: count("error"),
    time: seconds(duration_ms),
    timestamp: started_at,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite ${suite}>`,
    ...regions.flatMap(testCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(report: RegionReport): string[] {
  const { region, outcome, verdict, error, hint, timeline } = report;
  const named = attributes({
    classname: "konnect-audit.verify",
    name: `audit events of ${region} are delivered`,
    time: seconds(timeline.at(-1)?.after_ms ?? 0),
  });
  if (outcome === "passed") return [`    <testcase ${named}/>`];
  const element = outcome === "failed" ? "failure" : "error";
  const told = attributes({
    type: verdict ?? error?.code ?? "error",
    message: error?.message ?? `${verdict}: ${describeEvidence(report)}`,
  });
  return [
    `    <testcase ${named}>`,
    `      <${element} ${told}>${escapeMarkup(details(hint, timeline))}</${element}>`,
    "    </testcase>",
  ];
}

function details(hint: string | null, timeline: RegionReport["timeline"]): string {
  const moments = timeline.map(({ after_ms, text }) => `${seconds(after_ms)} s  ${text}`);
  return [...(hint ? [hint] : []), ...moments].join("\n");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeMarkup(String(value))}"`)
    .join(" ");
}
