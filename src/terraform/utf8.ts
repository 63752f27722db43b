import { isUtf8 } from "node:buffer";

const replacement = "\ufffd";

/**
 * Decodes a stretch of bytes as UTF-8.
 *
 * @returns undefined when it is no UTF-8
 */
export function decodeUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString("utf8", start, end);
  // What can't be decoded becomes this character, but it may also be meant.
  const suspicious = text.includes(replacement);
  return suspicious && !isUtf8(bytes.subarray(start, end)) ? undefined : text;
}
