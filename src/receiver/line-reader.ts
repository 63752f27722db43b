/** A line of a file, as bytes: a signature is over bytes, and not every line is UTF-8. */
export interface RawLine {
  /** From 1. */
  number: number;
  /** Without its line break; empty if the line is too long. */
  bytes: Buffer;
  /** False for the last line of a file that does not end in a line break. */
  ended: boolean;
  /** Bytes of a line that is longer than a line may be, and was passed over. */
  tooLong: number | undefined;
}

export interface LineLimits {
  /** Bytes of a line; the largest delivery that a receiver takes makes shorter ones. @default 33554432 */
  longest?: number;
  /** Bytes after which a line is taken to be endless. @default 1073741824 */
  endless?: number;
}

/** A line without an end: what is read is no file of lines. */
export class EndlessLineError extends Error {
  override readonly name = "EndlessLineError";
  readonly code = "ENDLESS_LINE";
}

/**
 * Splits bytes into lines, in time that grows with their length, and holds one line at most.
 *
 * @throws EndlessLineError
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { longest = 32 * 1024 * 1024, endless = 1024 * 1024 * 1024 }: LineLimits = {},
): AsyncGenerator<RawLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length > endless) throw new EndlessLineError("a line has no end");
    if (length > longest) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const line = (ended: boolean): RawLine => {
    const tooLong = length > longest ? length : undefined;
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    parts = [];
    length = 0;
    return { number: number++, bytes: withoutReturn(bytes), ended, tooLong };
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      add(bytes.subarray(start, end));
      yield line(true);
      start = end + 1;
    }
    // A copy, since a stream may use its buffer again.
    if (start < bytes.length) add(Buffer.from(bytes.subarray(start)));
  }
  if (length > 0) yield line(false);
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
