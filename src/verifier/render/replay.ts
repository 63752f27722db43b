import { retention } from "../replay.js";
import type { Arrivals, ReplayReport } from "../replay-report.js";
import type { VerificationReport } from "../report.js";
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

/** An attempt carries events of up to a minute, or of the repetitions before it, so that the replay begins earlier. */
const margin = 5 * 60_000;

/** The commands that bring back what a verification saw failing; to be run once the endpoint accepts again. */
export function proposeReplays({ regions, started_at }: VerificationReport): string[] {
  const oldest = Date.parse(started_at) - retention;
  const commands = regions.flatMap(({ region, lost_since: since, lost_until: until }) => {
    if (!since || (until && Date.parse(until) <= oldest)) return [];
    const begin = Date.parse(since) - margin;
    const time = begin <= oldest ? "7d" : new Date(begin).toISOString();
    const end = until ? ` --until ${until}` : "";
    return [`  konnect-audit replay --region ${region} --since ${time}${end}`];
  });
  if (commands.length === 0) return ["No lost delivery was seen: nothing to replay."];
  return [
    "Deliveries were lost, perhaps since before then; when the endpoint accepts again:",
    ...commands,
  ];
}
