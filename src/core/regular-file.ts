import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { readBounded } from "./bounded-reader.js";

/** What was opened is no file, and reading it might never end. */
export class NoRegularFileError extends Error {
  override readonly name = "NoRegularFileError";
  readonly code = "NO_REGULAR_FILE";

  /** @param kind what it is, such as `a folder` */
  constructor(readonly kind: string) {
    super(`it is ${kind}`);
  }
}

/**
 * Opens a file for reading. What is no regular file is refused; nothing is waited for, as opening a pipe would.
 *
 * @throws NoRegularFileError, or Node's error
 */
export async function openRegularFile(path: string): Promise<{ file: FileHandle; stats: Stats }> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = await file.stat();
  if (stats.isFile()) return { file, stats };
  await file.close();
  throw new NoRegularFileError(kindOf(stats));
}

/**
 * Reads the text of a file in UTF-8. A pipe is not waited for.
 *
 * @param limit bytes
 * @throws NoRegularFileError, TooLargeError, or Node's error
 */
export async function readRegularText(path: string, limit: number): Promise<string> {
  const { file } = await openRegularFile(path);
  try {
    return (await readBounded(file.createReadStream({ autoClose: false }), limit)).toString("utf8");
  } finally {
    await file.close();
  }
}

/** What a path leads to, in words. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isFile() ? "a file" : "a device";
}
