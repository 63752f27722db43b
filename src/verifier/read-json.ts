import { constants, createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { readBounded } from "../core/bounded-reader.js";
import { parseJson } from "../core/json.js";
import { decodeText } from "../core/text-encoding.js";

/** Bytes: a synthesized stack of thousands of resources is smaller. */
const largest = 64 * 1024 * 1024;

/**
 * What a file holds as JSON; `undefined` for one that is not there, holds none or too much, which the caller's schema refuses.
 *
 * @param signal ends the reading of a pipe that nobody writes to
 * @throws the signal's reason when it aborts first
 */
export async function readJson(file: string, signal?: AbortSignal): Promise<unknown> {
  try {
    return parseJson(decodeText(await readWhole(file, signal)));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

async function readWhole(path: string, signal: AbortSignal | undefined): Promise<Buffer> {
  if (!(await stat(path)).isFIFO()) return readBounded(createReadStream(path, { signal }), largest);
  // Opened without waiting for whoever writes, and read by the event loop: a blocked thread would keep the process from ending.
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return readBounded(new Socket({ fd, readable: true, writable: false, signal }), largest);
}
