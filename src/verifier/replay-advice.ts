import { documentedRetention } from "../konnect/replay-job.js";
import type { RegionReport, ReplayAdvice, VerificationReport } from "./report.js";

/** An attempt carries events of up to a minute, or of the repetitions before it, so that the replay begins earlier. */
const margin = 5 * 60_000;

const lastAttemptOnly =
  "Konnect's status tells of the last attempt only, so that an outage that is over may not show";

/**
 * What is known of lost deliveries, region by region, what can't be seen, and the command that brings back what was lost.
 *
 * That no failure was seen is no sign that nothing was lost: a verification sees one moment.
 */
export function replayAdvice({
  regions,
  started_at,
}: Pick<VerificationReport, "regions" | "started_at">): ReplayAdvice[] {
  const oldest = Date.parse(started_at) - documentedRetention;
  return regions.map((region) => ({ region: region.region, ...adviceFor(region, oldest) }));
}

function adviceFor(report: RegionReport, oldest: number): Omit<ReplayAdvice, "region"> {
  const { region, lost_since: since, lost_until: until, verdict } = report;
  if (!since) return { text: unseen(report), command: null };
  if (until && Date.parse(until) <= oldest) {
    const text = `A delivery failed at ${since} and one was accepted at ${until}; that is longer ago than Konnect keeps events. Of later losses nothing can be seen: ${lastAttemptOnly}.`;
    return { text, command: null };
  }
  const begin = Date.parse(since) - margin;
  const time = begin <= oldest ? "7d" : new Date(begin).toISOString();
  const end = until ? ` --until ${until}` : "";
  return {
    text: seen(since, until, verdict),
    command: `konnect-audit replay --region ${region} --since ${time}${end}`,
  };
}

function seen(since: string, until: string | null, verdict: RegionReport["verdict"]): string {
  const earlier = "begin at your last good check if that is earlier";
  if (until) {
    return `A delivery failed at ${since}, and one was accepted at ${until}. When the first one failed can't be seen: ${earlier}.`;
  }
  if (verdict === "silent" || verdict === "accepting") {
    return `Events were lost at ${since} at the latest. What was lost before can't be seen: ${earlier}.`;
  }
  return `Deliveries fail since ${since} at the latest; when the first one failed can't be seen. Run this once the endpoint accepts again, and ${earlier}.`;
}

function unseen({ verdict }: RegionReport): string {
  const again = "replay from your last good check with `konnect-audit replay --since TIME`";
  switch (verdict) {
    case null:
      return `Inconclusive: nothing is known of lost deliveries. Once it can be verified, ${again} to be sure.`;
    case "unconfigured":
      return "There is no webhook: nothing is delivered, and nothing can be delivered again.";
    case "disabled":
      return `The webhook is off: what happens meanwhile is not delivered. Once it is on, ${again}.`;
    default:
      return `No failed delivery can be seen, which does not prove that none was lost: ${lastAttemptOnly}. To be sure, ${again}.`;
  }
}
