import { stat } from "node:fs/promises";
import { type EventFileOptions, readEventFile } from "./event-file.js";
import { readLines } from "./line-reader.js";
import { readSeal } from "./store-chain.js";

/** Lines that are looked at for the chain's beginning: a crash may have cut off the first. */
const linesLookedAt = 3;
const mostRotated = 1_000;

/**
 * The files of a store in the order of their lines: the one that is named, and before it those that `listen` has moved aside,
 * where the chain in the named file goes on from them.
 *
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
 */
export async function filesOfStore(path: string, options: EventFileOptions): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  // A pipe can be read once only.
  if (!stats?.isFile()) return [path];
  const first = await firstChainNumber(path, options);
  if (first === undefined || first === 1) return [path];
  const files = [path];
  for (let number = 1; number <= mostRotated; number++) {
    const file = `${path}.${number}`;
    if (!(await stat(file).catch(() => undefined))?.isFile()) break;
    files.unshift(file);
  }
  return files;
}

async function firstChainNumber(
  path: string,
  options: EventFileOptions,
): Promise<number | undefined> {
  for await (const { bytes, number } of readLines(readEventFile(path, options))) {
    const found = readSeal(bytes.toString("utf8"));
    if (found) return found.number;
    if (number >= linesLookedAt) return undefined;
  }
  return undefined;
}
