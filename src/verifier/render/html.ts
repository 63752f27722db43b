import { cleanReport } from "../clean-report.js";
import { describeEvidence, describeOutcome, failuresFirst } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { LeftOut } from "../left-out.js";
import type { RegionReport, ReplayAdvice, VerificationReport } from "../report.js";
import { verdictMeanings } from "../verdicts.js";
import { escapeMarkup } from "./escape.js";
import { renderPage, renderTime } from "./html-page.js";
import { type Badge, type Fact, renderBadge, renderFacts, renderTable } from "./html-parts.js";
import { groupAdvice } from "./replay-advice.js";
import { renderAxis, renderLegend, renderTimeline, type TimeScale, timeScale } from "./timeline.js";

/** The verification as a page of its own. */
export function renderHtml(given: VerificationReport): string {
  const report = cleanReport(given);
  const { left_out: leftOut = [], warnings = [], replay_advice: advice = [] } = report;
  return renderPage({
    title: "Audit-log delivery",
    tone: report.outcome,
    headline: describeOutcome(report.regions, leftOut),
    badges: [...countVerdicts(report.regions), ...leftOut.map(leftOutBadge)],
    facts: `Begun at ${renderTime(report.started_at)}, took ${formatDuration(report.duration_ms)}. Evidence asked for: ${report.required_evidence}.`,
    sections: [
      ...warnings.map((warning) => `<p>Warning: ${escapeMarkup(warning)}</p>`),
      renderVerification(report),
      ...(advice.length > 0 ? [renderAdvice(advice)] : []),
    ],
  });
}

/** The verification as a section of a page: legend, and a row with a time line for each region, what failed first. */
export function renderVerification(
  given: Pick<VerificationReport, "regions" | "left_out">,
): string {
  const { regions, left_out: leftOut = [] } = cleanReport(given);
  const scale = timeScale(regions);
  const table = renderTable({
    label: "Regions",
    caption: "Regions, their verdicts and what these stand on",
    columns: [
      { name: "Region" },
      { name: "Verdict" },
      { name: "Evidence" },
      { name: "Latency", kind: "number" },
      { name: "Time line", kind: "timeline", below: renderAxis(scale) },
    ],
    bodies: [
      ...failuresFirst(regions).map((region) => tableBody(region, scale)),
      ...leftOut.map(leftOutBody),
    ],
  });
  return `${renderLegend(regions)}\n${table}`;
}

function renderAdvice(advice: readonly ReplayAdvice[]): string {
  const facts = groupAdvice(advice).map(
    ({ regions, text, command }): Fact => [
      regions.join(", "),
      command ? `${text} \`${command}\`` : text,
    ],
  );
  return `<h2>Lost deliveries</h2>\n${renderFacts(facts)}`;
}

function leftOutBadge({ region, reason, outcome }: LeftOut): Badge {
  return { tone: outcome === "failed" ? "failed" : "error", text: `${region} ${reason}` };
}

function leftOutBody(entry: LeftOut): string {
  const badge = renderBadge({ ...leftOutBadge(entry), text: entry.reason });
  return `<tbody class="${leftOutBadge(entry).tone}">
<tr><th scope="row">${escapeMarkup(entry.region)}</th><td>${badge}</td><td colspan="3">${escapeMarkup(entry.text)}</td></tr>
</tbody>`;
}

function countVerdicts(regions: readonly RegionReport[]): Badge[] {
  const counts = new Map<string, Badge & { count: number }>();
  for (const { verdict, outcome: tone } of failuresFirst(regions)) {
    const word = verdict ?? "error";
    const count = (counts.get(`${word} ${tone}`)?.count ?? 0) + 1;
    counts.set(`${word} ${tone}`, { tone, count, text: `${count} ${word}` });
  }
  return [...counts.values()];
}

function tableBody(report: RegionReport, scale: TimeScale): string {
  const { region, outcome: tone, verdict, latency_ms: latency } = report;
  return `<tbody class="${tone}">
<tr><th scope="row">${escapeMarkup(region)}</th><td>${renderBadge({ tone, text: verdict ?? "error" })}</td><td>${escapeMarkup(describeEvidence(report))}</td><td class="number">${latency === null ? "–" : formatDuration(latency)}</td><td class="timeline">${renderTimeline(report, scale)}</td></tr>
<tr class="more"><td colspan="5"><div>${more(report)}</div></td></tr>
</tbody>`;
}

/** What did not pass shows what to do; what passed needs no reading, and has everything one click away. */
function more(report: RegionReport): string {
  const { region, outcome, timeline } = report;
  const urgent = outcome === "passed" ? [] : whatToDo(report);
  const moments = timeline
    .map(
      ({ after_ms, text }) =>
        `<li><span class="when">${formatDuration(after_ms)}</span> <span>${escapeMarkup(text)}</span></li>`,
    )
    .join("");
  return `${renderFacts(urgent)}<details><summary>What happened in ${escapeMarkup(region)}</summary>${renderFacts(background(report))}<ol>${moments}</ol></details>`;
}

function whatToDo({ error, differences, hint, endpoint, log_format: format }: RegionReport) {
  return [
    ...(error ? [["Error", error.message] as const] : []),
    ...differences.map(
      ({ field, expected, actual }): Fact => [field, `expected ${expected}, found ${actual}`],
    ),
    ...(hint ? [["What to do", hint] as const] : []),
    ...(endpoint ? [["Endpoint", withFormat(endpoint, format)] as const] : []),
  ];
}

function background({ verdict, outcome, endpoint, log_format: format }: RegionReport): Fact[] {
  return [
    ...(verdict ? [["Meaning", verdictMeanings[verdict]] as const] : []),
    ...(outcome === "passed" && endpoint
      ? [["Endpoint", withFormat(endpoint, format)] as const]
      : []),
  ];
}

function withFormat(endpoint: string, format: string | null): string {
  return format ? `${endpoint} (${format})` : endpoint;
}
