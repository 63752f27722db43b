import { type FileHandle, realpath, stat } from "node:fs/promises";
import { openRegularFile } from "../core/regular-file.js";
import { systemCode } from "../core/system-error.js";
import { type EventFileOptions, readEventFile } from "./event-file.js";
import { readLines } from "./line-reader.js";
import { readSeal } from "./store-chain.js";

/** A file of a store, held open: a rotation gives its name to another. */
export interface StoreFile {
  /** The name under which it was found. */
  path: string;
  /** `undefined` for what can be read once only, as a pipe. */
  file: FileHandle | undefined;
}

/** Lines that are looked at for the chain's beginning: a crash may have cut off the first. */
const linesLookedAt = 3;
const mostRotated = 1_000;

/** A rotation that is under way, or that a crash has ended, leaves a gap in the numbers. */
const widestGap = 16;

/**
 * Opens the files of a store in the order of their lines: the one that is named, and before it those that `listen` has moved
 * aside, where the chain in the named file goes on from them. A rotation may be under way.
 *
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
 */
export async function openStore(path: string, options: EventFileOptions): Promise<StoreFile[]> {
  const named = await stat(path).catch(() => undefined);
  if (named && !named.isFile()) return [{ path, file: undefined }];
  // Files that were moved aside lie beside the one that a link leads to.
  const real = await realpath(path).catch(() => path);
  const files: StoreFile[] = [];
  const seen = new Set<string>();
  try {
    for (let number = 0, gap = 0; number <= mostRotated && gap < widestGap; number++) {
      options.signal?.throwIfAborted();
      const name = number === 0 ? real : `${real}.${number}`;
      const opened = await openIfThere(name);
      gap = opened ? 0 : gap + 1;
      if (!opened) continue;
      // Files only move to higher numbers: none is missed, but one that is moved now is met twice.
      const { dev, ino } = opened.stats;
      if (seen.has(`${dev} ${ino}`)) {
        await opened.file.close();
        continue;
      }
      seen.add(`${dev} ${ino}`);
      files.unshift({ path: name, file: opened.file });
      if (files.length === 1 && (await isWholeStore(name, opened.file, options))) break;
    }
  } catch (error) {
    await closeStore(files);
    throw error;
  }
  // Whoever reads it says what is wrong with it.
  return files.length > 0 ? files : [{ path, file: undefined }];
}

export async function closeStore(files: readonly StoreFile[]): Promise<void> {
  await Promise.all(files.map(({ file }) => file?.close()));
}

/** True if no other file's lines belong before a file's: its chain begins there, or it holds lines that are in none. */
async function isWholeStore(
  path: string,
  file: FileHandle,
  options: EventFileOptions,
): Promise<boolean> {
  let isEmpty = true;
  for await (const { bytes, number } of readLines(readEventFile(path, { ...options, file }))) {
    isEmpty = false;
    const found = readSeal(bytes.toString("utf8"));
    if (found) return found.number === 1;
    if (number >= linesLookedAt) break;
  }
  return !isEmpty;
}

async function openIfThere(
  path: string,
): Promise<Awaited<ReturnType<typeof openRegularFile>> | undefined> {
  try {
    return await openRegularFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "NO_REGULAR_FILE") return undefined;
    throw error;
  }
}
