import type { Arrivals, ReplayReport } from "../replay-report.js";
import { wrap } from "./wrap.js";

/** A replay's outcome, a line per region, with what to do where it did not complete. */
export function renderReplay(report: ReplayReport): string {
  const { started_at, start_at, end_at, regions, arrived, arrived_error, warnings } = report;
  const width = Math.max(6, ...regions.map(({ region }) => region.length));
  const inset = " ".repeat(width + 2);
  return [
    `Replay of ${started_at}: events from ${start_at} to ${end_at}`,
    ...regions.flatMap(({ region, outcome, started_by, hint, error }) => [
      `${region.padEnd(width)}  ${outcome}${started_by === "another run" ? " (a job of the same range that was under way)" : ""}`,
      ...[error?.message, hint]
        .flatMap((text) => (text ? wrap(text, 80 - inset.length) : []))
        .map((line) => `${inset}${line}`),
    ]),
    ...(arrived ? [describeArrivals(arrived)] : []),
    ...(arrived_error ? wrap(`${arrived_error.message} ${arrived_error.remedy}`, 80) : []),
    ...(arrived || arrived_error ? [] : ["What arrived was not counted: --receiver does that."]),
    ...warnings.flatMap((warning) => wrap(`Warning: ${warning}`, 80)),
  ].join("\n");
}

function describeArrivals({ new_events: fresh, known_events: known }: Arrivals): string {
  const again = known === null ? "" : `, and ${known} again`;
  return `The receiver got ${fresh} new ${fresh === 1 ? "event" : "events"}${again}.`;
}
