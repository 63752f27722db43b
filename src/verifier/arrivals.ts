import type { EvidenceSource } from "../receiver/evidence-source.js";
import { StoreFollower } from "../receiver/store-follower.js";
import type { Arrivals } from "./replay-report.js";

/**
 * Begins to count what comes to a receiver.
 *
 * @returns ends the counting
 */
export type ArrivalCounter = (options?: {
  signal?: AbortSignal | undefined;
}) => Promise<() => Promise<Arrivals>>;

/** Counts by what a running receiver tells. */
export function countAtReceiver(evidence: EvidenceSource): ArrivalCounter {
  return async (options) => {
    const counters = async () => (await evidence("no-probe", options)).counters;
    const before = await counters();
    return async () => {
      const after = await counters();
      return {
        new_events: (after?.events ?? 0) - (before?.events ?? 0),
        known_events: (after?.duplicates ?? 0) - (before?.duplicates ?? 0),
      };
    };
  };
}

/**
 * Counts the lines that are added to the file that `listen --store` writes, also those that it has moved aside meanwhile.
 *
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE` (from the counter)
 */
export function countInFile(path: string): ArrivalCounter {
  return async (options) => {
    const follower = new StoreFollower(path);
    await follower.skip(options);
    return async () => {
      let events = 0;
      for await (const { ended } of follower.read(options)) if (ended) events += 1;
      return { new_events: events, known_events: null };
    };
  };
}
