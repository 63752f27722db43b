import type { Arrivals, ReplayReport } from "../replay-report.js";
import { wrap } from "./wrap.js";

/** A replay's outcome, a line per region, with what to do where it did not complete. */
export function renderReplay({ start_at, end_at, regions, arrived }: ReplayReport): string {
  const width = Math.max(6, ...regions.map(({ region }) => region.length));
  const inset = " ".repeat(width + 2);
  return [
    `Events from ${start_at} to ${end_at}:`,
    ...regions.flatMap(({ region, outcome, hint, error }) => [
      `${region.padEnd(width)}  ${outcome}`,
      ...[error?.message, hint]
        .flatMap((text) => (text ? wrap(text, 80 - inset.length) : []))
        .map((line) => `${inset}${line}`),
    ]),
    ...(arrived ? [describeArrivals(arrived)] : []),
  ].join("\n");
}

function describeArrivals({ new_events: fresh, known_events: known }: Arrivals): string {
  const again = known === null ? "" : `, and ${known} again`;
  return `The receiver got ${fresh} new ${fresh === 1 ? "event" : "events"}${again}.`;
}
