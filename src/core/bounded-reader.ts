/** What a bounded reader had taken in when its limit was reached. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
  readonly code = "TOO_LARGE";
  /** Bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super(`more than ${limit} bytes`);
    this.limit = limit;
  }
}

/**
 * Reads a stream to its end, or to a limit.
 *
 * Leaving the loop ends the stream: an endless answer stops here.
 *
 * @param limit bytes
 * @throws TooLargeError when there is more
 */
export async function readBounded(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Buffer> {
  const { bytes, complete } = await readUpTo(stream, limit);
  if (!complete) throw new TooLargeError(limit);
  return bytes;
}

/**
 * Reads as much of a stream as a limit allows, for text that is shown in part anyway.
 *
 * @param limit bytes
 * @returns the bytes up to the limit; `complete` is false if there was more
 */
export async function readUpTo(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ bytes: Buffer; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > limit) return { bytes: joined(chunks, limit), complete: false };
  }
  return { bytes: joined(chunks, length), complete: true };
}

function joined(chunks: readonly Uint8Array[], length: number): Buffer {
  return Buffer.concat(chunks).subarray(0, length);
}
