import pc from "picocolors";
import type { PreflightReport } from "../preflight-report.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const words: Readonly<Record<PreflightReport["outcome"], (colors: Colors) => string>> = {
  passed: (colors) => colors.green("accepted"),
  failed: (colors) => colors.red("refused"),
  error: (colors) => colors.yellow("inconclusive"),
};

/** A preflight's outcome for people. */
export function renderPreflight(
  report: PreflightReport,
  colors: Colors = pc.createColors(false),
): string {
  const { endpoint, outcome, finding, started_at: startedAt } = report;
  return [
    `${words[outcome](colors)}: ${finding}`,
    `${endpoint} at ${startedAt}`,
    ...details(report).flatMap((paragraph) => wrap(paragraph, 80)),
  ].join("\n");
}

/** The same in the fewest lines, for a deploy's output. */
export function renderPreflightBrief(report: PreflightReport): string {
  const { endpoint, outcome, finding } = report;
  const word = words[outcome](pc.createColors(false));
  const more = (outcome === "passed" ? warnings(report) : details(report)).map(
    (detail) => `  ${detail}`,
  );
  return [`preflight: ${word}: ${finding} (${endpoint})`, ...more].join("\n");
}

function warnings({ caveats }: PreflightReport): string[] {
  return caveats.map((caveat) => `Warning: ${caveat}`);
}

function details(report: PreflightReport): string[] {
  const { outcome, answer, hint, event_id: id } = report;
  return [
    ...(answer ? [`It said: ${answer}`] : []),
    ...(hint ? [`Fix: ${hint}`] : []),
    ...warnings(report),
    ...(outcome === "passed"
      ? [
          `Look for user_agent konnect-audit-preflight/${id} in the SIEM: it accepts events before it indexes them.`,
        ]
      : []),
  ];
}
