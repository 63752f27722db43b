import { escapeMarkdown } from "../../verifier/render/escape.js";
import type { DriftReport, Finding, IgnoreRule, StackReport } from "../drift-report.js";
import { fitMarkdown, type MarkdownSection } from "./fit-markdown.js";
import { cell, details, stickyMarker, tableRow } from "./markdown.js";
import {
  groupSentence,
  groupUnverifiable,
  place,
  ruleSentence,
  sentence,
  summarize,
} from "./sentence.js";

const marks: Readonly<Record<DriftReport["verdict"], string>> = {
  "in sync": "✅",
  "out of sync": "❌",
  error: "⚠️",
};

/**
 * The drift report as Markdown, for an issue, a comment that is kept up to date, or a job summary.
 *
 * @param limit bytes; what does not fit is left out, and that is said
 */
export function renderDriftMarkdown(report: DriftReport, limit: number): string {
  const { stacks, verdict } = report;
  const counts = stacks.map((stack) => `${marks[stack.verdict]} ${escapeMarkdown(stack.stack)}`);
  return fitMarkdown(
    [
      {
        head: `${stickyMarker("drift")}\n## ${marks[verdict]} Audit-log webhooks: ${summarize(report).replace(/\.$/, "")}`,
        items: [],
      },
      errors(stacks),
      findings(stacks),
      rules("Expired ignore rules: what they covered counts again", report.ignoreRules.expired),
      rules("Ignore rules that match nothing any more", report.ignoreRules.stale),
      ignored(stacks),
      details(
        `Stacks (${stacks.length})`,
        counts.map((line) => `- ${line}`),
      ),
      details("What no plan can tell", unverifiable(report)),
      { head: "", items: [`Checked at ${report.checkedAt.replace(/\.\d+Z$/, "Z")}.`] },
    ].filter(({ head, items }) => head.startsWith("<!--") || items.length > 0),
    limit,
  );
}

function errors(stacks: readonly StackReport[]): MarkdownSection {
  const items = stacks.flatMap(({ stack, error }) =>
    error
      ? [
          `- **${escapeMarkdown(stack)}**: ${cell(firstLine(error.message))} ${cell(error.remedy)} (${escapeMarkdown(error.code)})`,
        ]
      : [],
  );
  return { head: "### Inconclusive\n", items };
}

/** What Terraform printed besides is in the job's log. */
function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

function findings(stacks: readonly StackReport[]): MarkdownSection {
  return {
    head: "| Stack | Region | What | Difference |\n| --- | --- | --- | --- |",
    items: stacks.flatMap(({ stack, findings: found }) =>
      found.map(
        (finding) => `${tableRow([stack, place(finding), finding.kind])} ${difference(finding)} |`,
      ),
    ),
  };
}

function ignored(stacks: readonly StackReport[]): MarkdownSection {
  const rows = stacks.flatMap((report) =>
    report.ignored.map(
      (finding) =>
        `- ${escapeMarkdown(`${report.stack}: ${sentence(finding)}. Ignored until ${finding.expires}: ${finding.reason}`)}`,
    ),
  );
  return details(`Ignored (${rows.length})`, rows);
}

function rules(title: string, list: readonly IgnoreRule[]): MarkdownSection {
  return {
    head: `### ${title}\n`,
    items: list.map((rule) => `- ${escapeMarkdown(ruleSentence(rule))}`),
  };
}

function unverifiable(report: DriftReport): string[] {
  return groupUnverifiable(report).map((group) => `- ${escapeMarkdown(groupSentence(group))}`);
}

/** On lines of its own, as addresses side by side would be wider than GitHub's column. */
function difference({ field, expected, actual }: Finding): string {
  const lines = [`expected ${cell(expected)}`, `found ${cell(actual)}`];
  return [...(field ? [`${cell(field)}:`] : []), ...lines].join("<br>");
}
