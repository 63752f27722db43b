import { escapeMarkup } from "./escape.js";

/** How good a result is; the page's colours go by it. */
export type Tone = "passed" | "failed" | "error";

/** A word that says how something is. */
export interface Badge {
  tone: Tone;
  text: string;
}

/** A tone can be told without its colour. */
const marks: Readonly<Record<Tone, string>> = { passed: "✓", failed: "✕", error: "!" };

export function renderBadge({ tone, text }: Badge): string {
  return `<span class="badge ${tone}"><span aria-hidden="true">${marks[tone]}</span> ${escapeMarkup(text)}</span>`;
}

/** A term and what is to be said of it; in plain text, with code between backticks. */
export type Fact = readonly [term: string, text: string];

export function renderFacts(facts: readonly Fact[]): string {
  if (facts.length === 0) return "";
  const list = facts.map(([term, text]) => `<dt>${escapeMarkup(term)}</dt><dd>${prose(text)}</dd>`);
  return `<dl>${list.join("")}</dl>`;
}

/** Our hints mark code with backticks, as Markdown does. */
function prose(text: string): string {
  return escapeMarkup(text).replace(/`([^`\n]+)`/g, "<code>$1</code>");
}

export interface Column {
  name: string;
  /** @default "text" */
  kind?: "text" | "number" | "timeline";
  /** HTML below the name. */
  below?: string;
}

export interface Table {
  /** Names the part that scrolls. */
  label: string;
  /** What the table tells, for whoever does not see it. */
  caption: string;
  columns: readonly Column[];
  /** HTML: one `tbody` for each thing that is told of. */
  bodies: readonly string[];
}

/** A table that scrolls sideways on its own where the window is too narrow for it. */
export function renderTable({ label, caption, columns, bodies }: Table): string {
  const heads = columns.map(
    ({ name, kind = "text", below = "" }) =>
      `<th scope="col" class="${kind}">${escapeMarkup(name)}${below}</th>`,
  );
  return `<div class="scroll" role="region" aria-label="${escapeMarkup(label)}" tabindex="0">
<table>
<caption>${escapeMarkup(caption)}</caption>
<thead><tr>${heads.join("")}</tr></thead>
${bodies.join("\n")}
</table>
</div>`;
}
