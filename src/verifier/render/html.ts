import { describeEvidence, describeOutcome } from "../describe.js";
import { formatDuration } from "../duration.js";
import type { RegionReport, VerificationReport } from "../report.js";
import { verdictMeanings } from "../verdicts.js";
import { escapeMarkup } from "./escape.js";
import { pageStyle } from "./html-style.js";
import { renderTimeline } from "./timeline.js";

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
<p class="${report.outcome}"><strong>${escapeMarkup(describeOutcome(report.regions))}</strong></p>
<p>Evidence asked for: ${report.required_evidence}. Begun at <time datetime="${report.started_at}">${report.started_at}</time>, took ${formatDuration(report.duration_ms)}.</p>
<div class="scroll" role="region" aria-label="Regions" tabindex="0">
<table>
<caption>Time lines share one scale of ${formatDuration(longest)}: △ probe, ● delivery attempt, ◆ event at the receiver, ✕ problem, ┃ verdict.</caption>
<thead><tr><th scope="col">Region</th><th scope="col">Verdict</th><th scope="col">Evidence</th><th scope="col">Latency</th><th scope="col">Time line</th></tr></thead>
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
  const meaning = verdict ? verdictMeanings[verdict] : "It could not be told.";
  return `<tbody>
<tr><th scope="row">${escapeMarkup(region)}</th><td class="${outcome}" title="${escapeMarkup(meaning)}">${verdict ?? "error"}</td><td>${escapeMarkup(describeEvidence(report))}</td><td class="number">${latency === null ? "–" : formatDuration(latency)}</td><td>${renderTimeline(report, longest)}</td></tr>
<tr class="more"><td colspan="5">${details(report)}</td></tr>
</tbody>`;
}

function details(report: RegionReport): string {
  const { region, error, hint, endpoint, log_format: format, differences, timeline } = report;
  const facts = [
    ...(error ? [["Error", error.message]] : []),
    ...differences.map(({ field, expected, actual }) => [
      field,
      `expected ${expected}, found ${actual}`,
    ]),
    ...(hint ? [["What to do", hint]] : []),
    ...(endpoint ? [["Endpoint", `${endpoint}${format ? ` (${format})` : ""}`]] : []),
  ];
  const list = facts
    .map(([term = "", text = ""]) => `<dt>${escapeMarkup(term)}</dt><dd>${escapeMarkup(text)}</dd>`)
    .join("");
  const moments = timeline
    .map(({ after_ms, text }) => `<li>${formatDuration(after_ms)}: ${escapeMarkup(text)}</li>`)
    .join("");
  return `<dl>${list}</dl><details><summary>What happened in ${escapeMarkup(region)}</summary><ol>${moments}</ol></details>`;
}
