import { createReadStream } from "node:fs";
import { readBounded } from "../core/bounded-reader.js";
import { decodeText } from "../core/text-encoding.js";

/** Bytes of a file that people or other commands write for a check: an ignore file, a verification's report. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads a text file of bounded size, in UTF-8 or, with its byte order mark, in UTF-16.
 *
 * @throws whatever reading it throws, or TooLargeError
 */
export async function readText(file: string, limit: number = mostBytes): Promise<string> {
  return decodeText(await readBounded(createReadStream(file), limit));
}
