import { formatDuration } from "../duration.js";
import type { Moment, RegionReport } from "../report.js";
import { escapeMarkup } from "./escape.js";

const width = 320;
const height = 24;
const inset = 8;

interface Mark {
  /** SVG around the origin. Each kind has a shape of its own, so that it does not take colours to tell them apart. */
  shape: string;
  meaning: string;
}

const marks: Readonly<Record<Moment["kind"], Mark>> = {
  probe: { shape: '<path d="M-5 4 0 -5 5 4Z" fill="none"/>', meaning: "probe sent" },
  attempt: {
    shape: '<path d="M0 -4a4 4 0 1 0 .01 0Z" fill="currentColor"/>',
    meaning: "delivery attempted",
  },
  arrival: {
    shape: '<path d="M0 -6 6 0 0 6 -6 0Z" fill="currentColor"/>',
    meaning: "event at the receiver",
  },
  problem: { shape: '<path d="M-4 -4 4 4M4 -4 -4 4"/>', meaning: "problem" },
  verdict: { shape: '<path d="M0 -9V9" stroke-width="3"/>', meaning: "verdict" },
};

/**
 * A region's time line as inline SVG.
 *
 * @param longest milliseconds that the whole width stands for
 */
export function renderTimeline({ region, timeline }: RegionReport, longest: number): string {
  const x = (milliseconds: number) =>
    (inset + (Math.min(milliseconds, longest) / longest) * (width - 2 * inset)).toFixed(1);
  const line = (to: string, style = "") =>
    `<line${style} x1="${inset}" x2="${to}" y1="${height / 2}" y2="${height / 2}"/>`;
  const told = timeline.map(({ after_ms, kind }) => `${kind} after ${formatDuration(after_ms)}`);
  const shapes = timeline.map(
    ({ after_ms, kind }) =>
      `<g transform="translate(${x(after_ms)} ${height / 2})">${marks[kind].shape}</g>`,
  );
  const track = line(x(longest), ' class="track"');
  const way = line(x(timeline.at(-1)?.after_ms ?? 0));
  return `<svg width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(`Time line of ${region}: ${told.join(", ")}`)}">${track}${way}${shapes.join("")}</svg>`;
}

/** What the shapes in the time lines mean. */
export function renderLegend(longest: number): string {
  const entries = Object.values(marks).map(
    ({ shape, meaning }) =>
      `<li><svg width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true">${shape}</svg>${meaning}</li>`,
  );
  return `<ul class="legend">${entries.join("")}<li>Time lines share one scale: ${formatDuration(longest)}.</li></ul>`;
}
