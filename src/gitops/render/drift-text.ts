import type pc from "picocolors";
import { wrap } from "../../verifier/render/wrap.js";
import type { DriftReport, Finding, IgnoreRule, StackReport } from "../drift-report.js";
import { place, ruleSentence, sentence, summarize } from "./sentence.js";

type Colors = ReturnType<typeof pc.createColors>;

const marks: Readonly<Record<StackReport["verdict"], string>> = {
  "in sync": "✓",
  "out of sync": "✗",
  error: "!",
};

const verdicts: Readonly<Record<StackReport["verdict"], string>> = {
  "in sync": "In sync",
  "out of sync": "Out of sync",
  error: "Could not tell",
};

/** The drift report for a terminal or a CI log: a line per finding. */
export function renderDriftText(report: DriftReport, colors: Colors): string {
  const paint = { "in sync": colors.green, "out of sync": colors.red, error: colors.yellow };
  const sections = report.stacks.map((stack) => {
    const head = paint[stack.verdict](`${marks[stack.verdict]} ${stack.stack}: ${stack.verdict}`);
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
  return finding.region ? `${line}\n    ${finding.resource}` : line;
}

function renderIgnored(finding: StackReport["ignored"][number]): string {
  return [renderFinding(finding), `    ignored until ${finding.expires}: ${finding.reason}`].join(
    "\n",
  );
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
  return lines.map((line) => `  ${line}`);
}

/** One paragraph per reason, as most resources share theirs. */
function notVerifiable({ stacks }: DriftReport): string[] {
  const places = new Map<string, Set<string>>();
  for (const entry of stacks.flatMap(({ unverifiable }) => unverifiable)) {
    const key = `${entry.what}\n${entry.reason}`;
    places.set(key, (places.get(key) ?? new Set()).add(place(entry)));
  }
  const paragraphs = [...places].map(([key, names]) => {
    const [what, reason] = key.split("\n");
    return `Not checkable: ${what} (${[...names].join(", ")}). ${reason}`;
  });
  return paragraphs.flatMap((paragraph) => ["", ...wrap(paragraph, 80)]);
}
