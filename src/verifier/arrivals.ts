import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { systemCode } from "../core/system-error.js";
import { receiverErrors } from "../receiver/errors.js";
import type { EvidenceSource } from "../receiver/evidence-source.js";
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
 * Counts the lines that are added to the file that `listen --store` writes; those that it has moved to `<file>.1` and so
 * on meanwhile are counted too.
 *
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE` (from the counter)
 */
export function countInFile(path: string): ArrivalCounter {
  return async () => {
    const begun = await readable(path, () => stat(path));
    // A pipe or a device would be read for ever.
    if (!begun.isFile()) throw receiverErrors.evidenceFileUnreadable(path, "not a regular file");
    return () => readable(path, () => linesSince(path, begun));
  };
}

interface Begun {
  dev: number;
  ino: number;
  size: number;
}

async function linesSince(path: string, begun: Begun): Promise<Arrivals> {
  let events = 0;
  for (let number = 0; ; number++) {
    const file = number === 0 ? path : `${path}.${number}`;
    const { dev, ino } = await stat(file).catch(() => ({ dev: -1, ino: -1 }));
    // Nothing older is left: the receiver keeps a few files only.
    if (ino === -1) break;
    const isTheFirst = dev === begun.dev && ino === begun.ino;
    events += await countLines(file, isTheFirst ? begun.size : 0);
    if (isTheFirst) break;
  }
  return { new_events: events, known_events: null };
}

async function countLines(file: string, start: number): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(file, { start }) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) count += 1;
  }
  return count;
}

async function readable<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw receiverErrors.evidenceFileUnreadable(path, systemCode(cause), cause);
  }
}
