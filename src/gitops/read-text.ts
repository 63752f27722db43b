import { readWholeText, type WholeFileOptions } from "../core/whole-file.js";

/**
 * Reads a text file of bounded size, in UTF-8 or, with its byte order mark, in UTF-16.
 *
 * @throws whatever reading it throws, or TooLargeError
 */
export function readText(file: string, options?: WholeFileOptions): Promise<string> {
  return readWholeText(file, options);
}
