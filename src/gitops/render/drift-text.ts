import type pc from "picocolors";
import { cleanText } from "../../core/foreign-text.js";
import { wrap } from "../../verifier/render/wrap.js";
import type { DriftReport, Finding, IgnoreRule, StackReport } from "../drift-report.js";
import { groupUnverifiable, ruleSentence, sentence, summarize } from "./sentence.js";

type Colors = ReturnType<typeof pc.createColors>;

const marks: Readonly<Record<StackReport["verdict"], string>> = {
  "in sync": "✓",
  "out of sync": "✗",
  error: "!",
};

const verdicts: Readonly<Record<StackReport["verdict"], string>> = {
  "in sync": "In sync",
  "out of sync": "Out of sync",
  error: "Inconclusive",
};

/** The drift report for a terminal or a CI log: a line per finding. */
export function renderDriftText(report: DriftReport, colors: Colors): string {
  const paint = { "in sync": colors.green, "out of sync": colors.red, error: colors.yellow };
  const sections = report.stacks.map((stack) => {
    const head = paint[stack.verdict](
      `${marks[stack.verdict]} ${cleanText(stack.stack)}: ${stack.verdict}`,
    );
    return [
      head,
      ...stack.findings.map(renderFinding),
      ...stack.ignored.map(renderIgnored),
      ...renderError(stack),
    ].join("\n");
  });
  return [
    ...sections,
    ...renderRules(report),
    ...notVerifiable(report),
    `\n${verdicts[report.verdict]}: ${summarize(report)}`,
  ].join("\n");
}

function renderFinding(finding: Finding): string {
  const line = `  ${sentence(finding)}`;
  return finding.region ? `${line}\n    ${cleanText(finding.resource)}` : line;
}

function renderIgnored(finding: StackReport["ignored"][number]): string {
  return [
    renderFinding(finding),
    `    ignored until ${finding.expires}: ${cleanText(finding.reason)}`,
  ].join("\n");
}

function renderRules({ ignoreRules: { expired, stale } }: DriftReport): string[] {
  const line = (state: string) => (rule: IgnoreRule) =>
    `Ignore rule ${state}: ${ruleSentence(rule)}`;
  const lines = [...expired.map(line("expired")), ...stale.map(line("matches nothing any more"))];
  return lines.length > 0 ? ["", ...lines] : [];
}

function renderError({ error }: StackReport): string[] {
  if (!error) return [];
  const lines = `${error.message}\n${error.remedy} (${error.code})`.split("\n");
  return lines.map((line) => `  ${cleanText(line, longestLine)}`);
}

/** Characters of a line of an error. */
const longestLine = 1_000;

/** One paragraph per reason. */
function notVerifiable(report: DriftReport): string[] {
  return groupUnverifiable(report).flatMap(({ what, reason, places }) => {
    const paragraph = cleanText(`Not checkable: ${what} (${places.join(", ")}). ${reason}`, 4_000);
    return ["", ...wrap(paragraph, 80)];
  });
}
