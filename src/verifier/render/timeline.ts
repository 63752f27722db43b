import { formatDuration } from "../duration.js";
import type { Moment, RegionReport } from "../report.js";
import { escapeMarkup } from "./escape.js";

const width = 260;
const height = 24;
const inset = 8;

/** Each kind has a shape of its own, so that it does not take colours to tell them apart. */
const shapes: Readonly<Record<Moment["kind"], string>> = {
  probe: '<path d="M-5 4 0 -5 5 4Z" fill="none"/>',
  attempt: '<path d="M0 -4a4 4 0 1 0 .01 0Z" fill="currentColor"/>',
  arrival: '<path d="M0 -6 6 0 0 6 -6 0Z" fill="currentColor"/>',
  problem: '<path d="M-4 -4 4 4M4 -4 -4 4"/>',
  verdict: '<path d="M0 -9V9" stroke-width="3"/>',
};

/**
 * A region's time line as inline SVG.
 *
 * @param longest milliseconds that the whole width stands for
 */
export function renderTimeline(
  { region, timeline, outcome }: RegionReport,
  longest: number,
): string {
  const x = (milliseconds: number) =>
    (inset + (Math.min(milliseconds, longest) / longest) * (width - 2 * inset)).toFixed(1);
  const told = timeline.map(({ after_ms, kind }) => `${kind} after ${formatDuration(after_ms)}`);
  const marks = timeline.map(
    ({ after_ms, kind }) =>
      `<g transform="translate(${x(after_ms)} ${height / 2})">${shapes[kind]}</g>`,
  );
  const end = x(timeline.at(-1)?.after_ms ?? 0);
  return `<svg class="${outcome}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(`Time line of ${region}: ${told.join(", ")}`)}"><line x1="${inset}" x2="${end}" y1="${height / 2}" y2="${height / 2}"/>${marks.join("")}</svg>`;
}
