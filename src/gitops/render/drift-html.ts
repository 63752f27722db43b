import { describeOutcome } from "../../verifier/describe.js";
import { escapeMarkup } from "../../verifier/render/escape.js";
import { renderVerification } from "../../verifier/render/html.js";
import { renderPage, renderTime } from "../../verifier/render/html-page.js";
import {
  type Badge,
  renderBadge,
  renderFacts,
  renderTable,
  type Tone,
} from "../../verifier/render/html-parts.js";
import type { VerificationReport } from "../../verifier/report.js";
import {
  type DriftReport,
  type Finding,
  type FindingKind,
  findingKinds,
  type StackReport,
} from "../drift-report.js";
import { groupSentence, groupUnverifiable, place, ruleSentence, summarize } from "./sentence.js";

const toneOf: Readonly<Record<StackReport["verdict"], Tone>> = {
  "in sync": "passed",
  "out of sync": "failed",
  error: "error",
};

/** Code that is not applied yet is somebody's work under way; the others are faults. */
const toneOfKind: Readonly<Record<FindingKind, Tone>> = {
  drift: "failed",
  pending: "error",
  "gate failed": "failed",
  "delivery failing": "failed",
};

const deliveryBadges: Readonly<Record<VerificationReport["outcome"], Badge>> = {
  passed: { tone: "passed", text: "deliveries verified" },
  failed: { tone: "failed", text: "deliveries not verified" },
  error: { tone: "error", text: "deliveries inconclusive" },
};

/**
 * The drift report as a page of its own, in the shell of the verification's page.
 *
 * @param verification what `konnect-audit verify` found; shown in a section of its own
 */
export function renderDriftHtml(report: DriftReport, verification?: VerificationReport): string {
  return renderPage({
    title: "Audit-log webhooks",
    tone: worst([toneOf[report.verdict], ...(verification ? [verification.outcome] : [])]),
    headline: summarize(report),
    badges: badges(report, verification),
    facts: `Checked at ${renderTime(report.checkedAt)}${report.health ? "" : ", without looking at deliveries"}.`,
    sections: [
      section("Stacks", stacksTable(report)),
      section("What differs", findingsTable(report)),
      section("Ignored", ignoredTable(report)),
      section("Ignore rules to review", ruleList(report)),
      section("What no plan can tell", folded(unverifiable(report))),
      ...(verification ? [section("Deliveries", deliveries(verification))] : []),
    ].filter((html) => html !== ""),
  });
}

function section(title: string, html: string): string {
  return html === "" ? "" : `<h2>${escapeMarkup(title)}</h2>\n${html}`;
}

function deliveries(verification: VerificationReport): string {
  const outcome = `${describeOutcome(verification.regions, verification.left_out)} Begun at`;
  return `<p class="facts">${escapeMarkup(outcome)} ${renderTime(verification.started_at)}.</p>\n${renderVerification(verification)}`;
}

function badges({ stacks }: DriftReport, verification?: VerificationReport): Badge[] {
  const findings = stacks.flatMap((stack) => stack.findings);
  const count = (tone: Tone, number: number, text: string): Badge[] =>
    number > 0 ? [{ tone, text: `${number} ${text}` }] : [];
  return [
    ...(["in sync", "error"] as const).flatMap((verdict) =>
      count(
        toneOf[verdict],
        stacks.filter((stack) => stack.verdict === verdict).length,
        verdict === "error" ? "inconclusive" : verdict,
      ),
    ),
    ...findingKinds.flatMap((kind) =>
      count(toneOfKind[kind], findings.filter((finding) => finding.kind === kind).length, kind),
    ),
    ...(verification ? [deliveryBadges[verification.outcome]] : []),
  ];
}

function stacksTable({ stacks }: DriftReport): string {
  return renderTable({
    label: "Stacks",
    caption: "Stacks, and whether Konnect has what their code says",
    columns: [{ name: "Stack" }, { name: "Verdict" }, { name: "Findings", kind: "number" }],
    bodies: stacks.map(({ stack, verdict, findings, error }) => {
      const tone = toneOf[verdict];
      const more = error
        ? `<tr class="more"><td colspan="3"><div>${explain(error)}</div></td></tr>`
        : "";
      return `<tbody class="${tone}"><tr><th scope="row">${escapeMarkup(stack)}</th><td>${renderBadge({ tone, text: verdict })}</td><td class="number">${findings.length}</td></tr>${more}</tbody>`;
    }),
  });
}

/** The first line says it; what Terraform printed is there for whoever wants it. */
function explain({ message, remedy }: NonNullable<StackReport["error"]>): string {
  const [summary = "", ...output] = message.split("\n");
  const facts = renderFacts([
    ["Error", summary],
    ["What to do", remedy],
  ]);
  if (output.length === 0) return facts;
  return `${facts}<details><summary>What was printed</summary><pre>${escapeMarkup(output.join("\n"))}</pre></details>`;
}

function findingsTable({ stacks }: DriftReport): string {
  const bodies = stacks.flatMap(({ stack, findings }) =>
    findings.length > 0 ? [rows(stack, findings, () => [])] : [],
  );
  if (bodies.length === 0) return "";
  return renderTable({
    label: "What differs",
    caption: "Each difference between the code, what was applied, and what is at Konnect",
    columns: findingColumns.map((name) => ({ name })),
    bodies,
  });
}

function ignoredTable({ stacks }: DriftReport): string {
  const bodies = stacks.flatMap(({ stack, ignored }) =>
    ignored.length > 0
      ? [rows(stack, ignored, ({ expires, reason }) => [`until ${expires}: ${reason}`])]
      : [],
  );
  if (bodies.length === 0) return "";
  return renderTable({
    label: "Ignored",
    caption: "Differences that a rule covers, and why",
    columns: [...findingColumns, "Rule"].map((name) => ({ name })),
    bodies,
  });
}

const findingColumns = ["Stack", "Where", "What", "Field", "Expected", "Found"];

function rows<Entry extends Finding>(
  stack: string,
  entries: readonly Entry[],
  more: (entry: Entry) => readonly string[],
): string {
  const head = `<th scope="rowgroup" rowspan="${entries.length}">${escapeMarkup(stack)}</th>`;
  const lines = entries.map((entry, index) => {
    const { kind, field = "", expected, actual } = entry;
    const badge = renderBadge({ tone: toneOfKind[kind], text: kind });
    const values = [expected, actual, ...more(entry)].map((text) => cell(text, "long"));
    return `<tr>${index === 0 ? head : ""}${cell(place(entry))}<td>${badge}</td>${cell(field)}${values.join("")}</tr>`;
  });
  return `<tbody class="values">${lines.join("")}</tbody>`;
}

function cell(text: string, kind = "short"): string {
  return `<td class="${kind}">${escapeMarkup(text)}</td>`;
}

function ruleList({ ignoreRules: { expired, stale } }: DriftReport): string {
  return list([
    ...expired.map(
      (rule) => `Expired, so that what it covered counts again: ${ruleSentence(rule)}`,
    ),
    ...stale.map((rule) => `Matches nothing any more: ${ruleSentence(rule)}`),
  ]);
}

function unverifiable(report: DriftReport): string[] {
  return groupUnverifiable(report).map(groupSentence);
}

function folded(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const [what, them] = lines.length === 1 ? ["thing", "it"] : ["things", "them"];
  return `<details><summary>${lines.length} ${what}: show ${them}</summary>${list(lines)}</details>`;
}

function list(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<ul>${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join("")}</ul>`;
}

function worst(tones: readonly Tone[]): Tone {
  return (["error", "failed"] as const).find((tone) => tones.includes(tone)) ?? "passed";
}
