import { describeEvidence, describeOutcome } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { verdictMeanings } from "../verdicts.js";
import { escapeMarkup } from "./escape.js";
import { pageStyle } from "./html-style.js";
import { renderLegend, renderTimeline } from "./timeline.js";

/** An outcome can be told without its colour. */
const marks: Readonly<Record<RegionReport["outcome"], string>> = {
  passed: "✓",
  failed: "✕",
  error: "!",
};

/**
 * The report as one page that needs nothing else: no script, no font, no request.
 *
 * Whatever Konnect or the SIEM said is escaped; the page's policy forbids scripts and loading all the same.
 */
export function renderHtml(report: VerificationReport): string {
  const longest = Math.max(
    1,
    ...report.regions.flatMap(({ timeline }) => timeline.map((moment) => moment.after_ms)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit-log delivery: ${report.outcome}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>Audit-log delivery</h1>
<div class="summary ${report.outcome}">
<p><strong>${escapeMarkup(describeOutcome(report.regions))}</strong></p>
<p>Evidence asked for: ${report.required_evidence}. Begun at <time datetime="${report.started_at}">${report.started_at}</time>, took ${formatDuration(report.duration_ms)}.</p>
</div>
${renderLegend(longest)}
<div class="scroll" role="region" aria-label="Regions" tabindex="0">
<table>
<caption>Regions, their verdicts and what these stand on</caption>
<thead><tr><th scope="col">Region</th><th scope="col">Verdict</th><th scope="col">Evidence</th><th scope="col" class="number">Latency</th><th scope="col">Time line</th></tr></thead>
${report.regions.map((region) => tableBody(region, longest)).join("\n")}
</table>
</div>
</main>
</body>
</html>
`;
}

function tableBody(report: RegionReport, longest: number): string {
  const { region, outcome, verdict, latency_ms: latency } = report;
  return `<tbody class="${outcome}">
<tr><th scope="row">${escapeMarkup(region)}</th><td><span class="verdict"><span aria-hidden="true">${marks[outcome]}</span> ${verdict ?? "error"}</span></td><td>${escapeMarkup(describeEvidence(report))}</td><td class="number">${latency === null ? "–" : formatDuration(latency)}</td><td>${renderTimeline(report, longest)}</td></tr>
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
  return `${definitions(urgent)}<details><summary>What happened in ${escapeMarkup(region)}</summary>${definitions(background(report))}<ol>${moments}</ol></details>`;
}

type Fact = readonly [term: string, text: string];

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

function definitions(facts: readonly Fact[]): string {
  if (facts.length === 0) return "";
  const list = facts.map(([term, text]) => `<dt>${escapeMarkup(term)}</dt><dd>${prose(text)}</dd>`);
  return `<dl>${list.join("")}</dl>`;
}

/** Our hints mark code with backticks, as Markdown does. */
function prose(text: string): string {
  return escapeMarkup(text).replace(/`([^`\n]+)`/g, "<code>$1</code>");
}
