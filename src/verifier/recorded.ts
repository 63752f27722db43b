import type { KonnectClient } from "../konnect/client.js";
import { probeUserAgent } from "../receiver/probe-marker.js";

/** Konnect's clocks need not agree to the second. */
const margin = 60_000;
/** A busy organisation's record is not read to its end for an explanation. */
const mostRecords = 10_000;

export interface RecordQuery {
  client: Pick<KonnectClient, "getAuditLogs">;
  region: string;
  probeIds: readonly string[];
  /** When the first probe was answered, by Konnect's clock. */
  since: number;
  signal?: AbortSignal | undefined;
}

/**
 * Looks for the probes' events in Konnect's own record: it tells "lost on the way" from "not yet produced".
 *
 * A record proves no delivery.
 *
 * @returns whether all were recorded; `null` when there was too much to look through
 * @throws KonnectError
 */
export async function areRecorded(query: RecordQuery): Promise<boolean | null> {
  const { client, region, probeIds, since, signal } = query;
  const missing = new Set(probeIds.map(probeUserAgent));
  let seen = 0;
  for await (const record of client.getAuditLogs(region, { from: since - margin }, { signal })) {
    if (record.user_agent !== null) missing.delete(record.user_agent);
    if (missing.size === 0) return true;
    seen += 1;
    if (seen >= mostRecords) return null;
  }
  return false;
}
