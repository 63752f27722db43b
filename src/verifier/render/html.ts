import { describeEvidence, describeOutcome } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { verdictMeanings } from "../verdicts.js";
import { escapeMarkup } from "./escape.js";
import { renderPage, renderTime } from "./html-page.js";
import { type Badge, type Fact, renderBadge, renderFacts, renderTable } from "./html-parts.js";
import { renderAxis, renderLegend, renderTimeline, type TimeScale, timeScale } from "./timeline.js";

/** The verification as a page of its own. */
export function renderHtml(report: VerificationReport): string {
  return renderPage({
    title: "Audit-log delivery",
    tone: report.outcome,
    headline: describeOutcome(report.regions),
    badges: countVerdicts(report.regions),
    facts: `Begun at ${renderTime(report.started_at)}, took ${formatDuration(report.duration_ms)}. Evidence asked for: ${report.required_evidence}.`,
    sections: [renderVerification(report)],
  });
}

/** The verification as a section of a page: legend, and a row with a time line for each region. */
export function renderVerification({ regions }: Pick<VerificationReport, "regions">): string {
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
    bodies: regions.map((region) => tableBody(region, scale)),
  });
  return `${renderLegend(regions)}\n${table}`;
}

function countVerdicts(regions: readonly RegionReport[]): Badge[] {
  const counts = new Map<string, Badge & { count: number }>();
  for (const { verdict, outcome: tone } of regions) {
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
