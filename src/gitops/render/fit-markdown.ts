/** A part of a Markdown document whose items may be left out, last ones first, when space runs out. */
export interface MarkdownSection {
  /** What comes before the items: a heading, a table's head, an opened `<details>`. */
  head: string;
  items: readonly string[];
  /** What closes the section. @default "" */
  tail?: string;
}

/** What GitHub takes as the body of a comment. */
export const commentLimit = 65_536;

/** What GitHub takes as a step's summary. */
export const stepSummaryLimit = 1_048_576;

/**
 * Joins sections into one document, and says so when something had to be left out.
 *
 * Sections come in order of importance; each one is closed properly, however little of it fits.
 *
 * @param limit bytes of UTF-8, which are never fewer than characters
 */
export function fitMarkdown(sections: readonly MarkdownSection[], limit: number): string {
  const noteFor = (omitted: number) =>
    `_Shortened to fit: ${omitted} ${omitted === 1 ? "line is" : "lines are"} left out. The whole of it is in the job's log and in the JSON output._\n`;
  const total = sections.reduce((sum, { items }) => sum + items.length, 0);
  let space = limit - size(noteFor(total));
  let omitted = 0;
  const parts: string[] = [];
  for (const { head, items, tail = "" } of sections) {
    const frame = size(head) + size(tail) + "\n\n\n".length;
    const kept: string[] = [];
    let left = space - frame;
    for (const item of left < 0 ? [] : items) {
      left -= size(item) + 1;
      if (left < 0) break;
      kept.push(item);
    }
    omitted += items.length - kept.length;
    if (space < frame || (kept.length === 0 && items.length > 0)) continue;
    const text = `${[head, ...kept, tail].filter((line) => line !== "").join("\n")}\n`;
    parts.push(text);
    space -= size(text) + 1;
  }
  return [...parts, ...(omitted > 0 ? [noteFor(omitted)] : [])].join("\n");
}

function size(text: string): number {
  return Buffer.byteLength(text);
}
