import { constants, createReadStream, open, readFileSync, statSync } from "node:fs";
import { open as openFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { readBounded, TooLargeError } from "./bounded-reader.js";
import { decodeText } from "./text-encoding.js";

/** How much of a file is read, and how long. */
export interface WholeFileOptions {
  /** Bytes. @default 64 MiB */
  limit?: number | undefined;
  /** Ends the reading of a pipe that nobody writes to. */
  signal?: AbortSignal | undefined;
}

const usualLimit = 64 * 1024 * 1024;

/**
 * Reads a file, or what somebody writes to a pipe. No thread waits for a pipe's writer: it would keep the process from ending.
 *
 * @throws TooLargeError, the signal's reason, or Node's error
 */
export async function readWholeFile(
  path: string,
  { limit = usualLimit, signal }: WholeFileOptions = {},
): Promise<Buffer> {
  signal?.throwIfAborted();
  if (!(await stat(path)).isFIFO()) {
    return readBounded(createReadStream(path, signal ? { signal } : {}), limit);
  }
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return readBounded(
    new Socket({ fd, readable: true, writable: false, ...(signal ? { signal } : {}) }),
    limit,
  );
}

/** The same for text, in UTF-8 or what its byte order mark says. */
export async function readWholeText(path: string, options?: WholeFileOptions): Promise<string> {
  return decodeText(await readWholeFile(path, options));
}

/**
 * Reads a regular file of bounded size while everything else waits; signals too, so that anything but a file is refused.
 *
 * @param limit bytes
 * @throws TooLargeError, or Node's error: of code EISDIR for a folder, EINVAL for a pipe, a socket or a device
 */
export function readRegularTextSync(path: string, limit = usualLimit): string {
  const found = statSync(path);
  if (found.size > limit) throw new TooLargeError(limit);
  if (!found.isFile() && !found.isDirectory()) {
    throw Object.assign(new Error("it is no regular file"), { code: "EINVAL" });
  }
  return decodeText(readFileSync(path));
}

/**
 * Writes a whole file, or adds to its end. A pipe that nobody reads is an error at once: waiting for its reader would keep the
 * process from ending.
 *
 * @throws Node's error
 */
export async function writeWholeFile(
  path: string,
  content: string,
  { append = false }: { append?: boolean } = {},
): Promise<void> {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;
  const how = O_WRONLY | O_CREAT | O_NONBLOCK | (append ? O_APPEND : O_TRUNC);
  const file = await openFile(path, how, 0o666);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}
