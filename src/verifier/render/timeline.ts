import { formatDuration } from "../duration.js";
import type { Moment, RegionReport } from "../report.js";
import { escapeMarkup } from "./escape.js";

const height = 28;
/** So many lines of the scale at most, its beginning not counted. */
const mostTicks = 5;

interface Mark {
  /** SVG around the origin. Each kind has a shape of its own, so that it does not take colours to tell them apart. */
  shape: string;
  meaning: string;
}

/** In the order in which they are drawn: what comes to lie on something else comes later. */
const marks: Readonly<Record<Moment["kind"], Mark>> = {
  verdict: { shape: '<path d="M0 -11V11" stroke-width="3"/>', meaning: "verdict" },
  probe: { shape: '<path class="hollow" d="M-5 4 0 -5 5 4Z"/>', meaning: "probe sent" },
  attempt: {
    shape: '<path d="M0 -4a4 4 0 1 0 .01 0Z" fill="currentColor"/>',
    meaning: "delivery attempted",
  },
  retry: { shape: '<path class="hollow" d="M0 -4a4 4 0 1 0 .01 0Z"/>', meaning: "repeated" },
  signature: {
    shape: '<path class="hollow" d="M0 -10a10 10 0 1 0 .01 0Z"/>',
    meaning: "signature verified",
  },
  arrival: {
    shape: '<path d="M0 -6 6 0 0 6 -6 0Z" fill="currentColor"/>',
    meaning: "event at the receiver",
  },
  problem: { shape: '<path d="M-4 -4 4 4M4 -4 -4 4"/>', meaning: "problem" },
};

const drawingOrder = Object.keys(marks);

/** A scale that all regions of a report share. */
export interface TimeScale {
  /** Milliseconds that the whole width stands for. */
  longest: number;
  /** Milliseconds at which it has lines; begins with 0. */
  ticks: readonly number[];
}

/** The scale that the longest of some time lines needs: lines at round numbers of seconds. */
export function timeScale(regions: readonly Pick<RegionReport, "timeline">[]): TimeScale {
  const longest = Math.max(
    1,
    ...regions.flatMap(({ timeline }) => timeline.map(({ after_ms }) => after_ms)),
  );
  const step = roundStep(longest / mostTicks);
  const count = Math.floor(longest / step + 1e-9);
  return { longest, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

/** The least of 1, 2 and 5 times a power of ten that is not below. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least - 1e-9) ?? 10) * power;
}

/** A region's time line as inline SVG, as wide as there is room. */
export function renderTimeline(
  { region, timeline }: Pick<RegionReport, "region" | "timeline">,
  scale: TimeScale,
): string {
  const x = (milliseconds: number) => percent(milliseconds, scale);
  const middle = height / 2;
  const told = timeline.map(({ after_ms, kind }) => `${kind} after ${formatDuration(after_ms)}`);
  const grid = scale.ticks.map(
    (tick) => `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${height}"/>`,
  );
  const way = `<line x1="0" x2="${x(timeline.at(-1)?.after_ms ?? 0)}" y1="${middle}" y2="${middle}"/>`;
  const shapes = [...timeline]
    .sort((a, b) => drawingOrder.indexOf(a.kind) - drawingOrder.indexOf(b.kind))
    .map(
      ({ after_ms, kind }) =>
        `<svg x="${x(after_ms)}" y="${middle}" overflow="visible">${marks[kind].shape}</svg>`,
    );
  const label = escapeMarkup(`Time line of ${region}: ${told.join(", ")}`);
  return `<svg width="100%" height="${height}" role="img" aria-label="${label}">${grid.join("")}${way}${shapes.join("")}</svg>`;
}

/** The scale's numbers, to stand above the time lines. */
export function renderAxis(scale: TimeScale): string {
  const numbers = scale.ticks.map((tick) => {
    const text = tick === 0 ? "0" : formatTick(tick);
    return `<text x="${percent(tick, scale)}" y="12" text-anchor="middle">${text}</text>`;
  });
  return `<svg class="axis" width="100%" height="16" aria-hidden="true">${numbers.join("")}</svg>`;
}

/** What the shapes in some time lines mean. */
export function renderLegend(regions: readonly Pick<RegionReport, "timeline">[]): string {
  const used = new Set(regions.flatMap(({ timeline }) => timeline.map(({ kind }) => kind)));
  const order = [
    "probe",
    "attempt",
    "retry",
    "arrival",
    "signature",
    "problem",
    "verdict",
  ] as const;
  const entries = order
    .filter((kind) => used.has(kind))
    .map((kind) => {
      const { shape, meaning } = marks[kind];
      return `<li><svg width="24" height="24" viewBox="-12 -12 24 24" aria-hidden="true">${shape}</svg>${meaning}</li>`;
    });
  return `<ul class="legend">${entries.join("")}</ul>`;
}

function percent(milliseconds: number, { longest }: TimeScale): string {
  return `${((Math.min(milliseconds, longest) / longest) * 100).toFixed(2)}%`;
}

function formatTick(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${milliseconds} ms`;
  return seconds < 120 ? `${seconds} s` : formatDuration(milliseconds);
}
