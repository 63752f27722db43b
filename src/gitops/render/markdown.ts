import { escapeMarkdown } from "../../verifier/render/escape.js";
import type { MarkdownSection } from "./fit-markdown.js";

/** What a cell shows of a long value; the rest is in the JSON output. */
const cellLength = 300;

/** A hidden first line by which a CI job finds the comment that it wrote before. */
export function stickyMarker(report: "drift" | "review"): string {
  return `<!-- konnect-audit ${report} -->`;
}

/** A value as a table's cell holds it: on one line, harmless, and not too long. */
export function cell(text: string): string {
  const short = text.length > cellLength ? `${text.slice(0, cellLength)}…` : text;
  return escapeMarkdown(short);
}

/** A row of a table. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** A section that is folded until a reader opens it. @param summary plain text */
export function details(summary: string, items: readonly string[]): MarkdownSection {
  return {
    head: `<details><summary>${escapeMarkdown(summary)}</summary>\n`,
    items,
    tail: "\n</details>",
  };
}
