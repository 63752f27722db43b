import type pc from "picocolors";
import type { DriftReport, Finding, IgnoreRule, StackReport } from "../drift-report.js";

type Colors = ReturnType<typeof pc.createColors>;

const marks: Readonly<Record<StackReport["verdict"], string>> = {
  "in sync": "✓",
  "out of sync": "✗",
  error: "!",
};

/** The drift report for a terminal or a CI log, within 80 columns as far as values allow. */
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
  return [...sections, ...renderRules(report), ...notVerifiable(report), summary(report)].join(
    "\n",
  );
}

function renderFinding(finding: Finding): string {
  const place = finding.region ? `region ${finding.region}` : finding.resource;
  const field = finding.field ? `, ${finding.field}` : "";
  return [
    `  ${finding.kind}: ${place}${field}`,
    ...(finding.region ? [`    resource: ${finding.resource}`] : []),
    `    expected: ${finding.expected}`,
    `    actual:   ${finding.actual}`,
  ].join("\n");
}

function renderIgnored(finding: StackReport["ignored"][number]): string {
  return [renderFinding(finding), `    ignored until ${finding.expires}: ${finding.reason}`].join(
    "\n",
  );
}

function renderRules({ ignoreRules: { expired, stale } }: DriftReport): string[] {
  const line = (state: string) => (rule: IgnoreRule) =>
    `Ignore rule ${state}: ${rule.stack ? `${rule.stack}, ` : ""}${rule.region}, ${rule.field} (until ${rule.expires}): ${rule.reason}`;
  const lines = [...expired.map(line("expired")), ...stale.map(line("matches nothing any more"))];
  return lines.length > 0 ? ["", ...lines] : [];
}

function renderError({ error }: StackReport): string[] {
  if (!error) return [];
  const lines = `${error.message}\n${error.remedy} (${error.code})`.split("\n");
  return lines.map((line) => `  ${line}`);
}

function notVerifiable({ stacks }: DriftReport): string[] {
  const regions = stacks.flatMap(({ unverifiable }) => unverifiable.map(({ region }) => region));
  if (regions.length === 0) return [];
  const named = [...new Set(regions.filter((region) => region !== undefined))].join(", ");
  return [
    "",
    `Not checkable: authorization${named ? ` (${named})` : ""}. Konnect never returns it, so a`,
    "change of it made elsewhere can't be seen.",
  ];
}

function summary({ stacks, verdict }: DriftReport): string {
  const count = (wanted: StackReport["verdict"]) =>
    stacks.filter((stack) => stack.verdict === wanted).length;
  return `\n${verdict === "in sync" ? "In sync" : verdict === "error" ? "Could not tell" : "Out of sync"}: ${count("in sync")} of ${stacks.length} stacks in sync, ${count("out of sync")} out of sync, ${count("error")} with errors.`;
}
