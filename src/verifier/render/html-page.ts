import { escapeMarkup } from "./escape.js";
import { type Badge, renderBadge, type Tone } from "./html-parts.js";
import { pageStyle } from "./html-style.js";

/** A report as one page. Sections are HTML in which everything that others said is escaped. */
export interface Page {
  title: string;
  tone: Tone;
  /** The outcome as one sentence. */
  headline: string;
  /** Counts that say at a glance what was found. */
  badges: readonly Badge[];
  /** What else is to be known of the run: HTML. */
  facts: string;
  sections: readonly string[];
}

/**
 * A page that needs nothing else: no script, no font, no request.
 *
 * Its own policy forbids scripts and loading besides, should anything ever be let through unescaped.
 */
export function renderPage({ title, tone, headline, badges, facts, sections }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(`${title}: ${headline}`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header class="${tone}">
<h1>${escapeMarkup(title)}</h1>
<p class="headline">${escapeMarkup(headline)}</p>
<ul class="badges">${badges.map((badge) => `<li>${renderBadge(badge)}</li>`).join("")}</ul>
<p class="facts">${facts}</p>
</header>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** A time as people read it, with the exact one for machines. @param iso ISO 8601 in UTC */
export function renderTime(iso: string): string {
  const readable = iso.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
  return `<time datetime="${escapeMarkup(iso)}">${escapeMarkup(readable)}</time>`;
}
