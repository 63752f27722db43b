import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { eventErrors } from "./errors.js";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Bounds on what a sender may make us hold and do. */
export interface BodyLimits {
  /** Bytes of the body as it came. */
  compressed: number;
  /** Bytes of the body after decompression. */
  decoded: number;
  /** Lines, blank ones included. @default 10000 */
  lines?: number | undefined;
  /** Bytes of each line. An audit event has some hundred; Konnect's gateway bounds what a caller adds. @default 131072 */
  lineBytes?: number | undefined;
}

/**
 * What Kong's own listener allows is 1 MiB each; a batch of 1,000 events, which is the most that Konnect sends, needs less
 * than half of it decoded.
 */
export const defaultBodyLimits: BodyLimits = { compressed: 1024 * 1024, decoded: 8 * 1024 * 1024 };

// Konnect's documentation names application/gzip, its deliveries say gzip (RFC 9110 knows x-gzip for the same).
const gzipNames = new Set(["gzip", "x-gzip", "application/gzip"]);

/** Joins lines into the gzipped body of one delivery. */
export function encodeBatch(lines: readonly string[]): Promise<Buffer> {
  return compress(lines.join("\n"));
}

/** How often a body may be compressed: proxies compress what is compressed already. */
const deepestEncoding = 2;

/**
 * Decompresses a delivery's body.
 *
 * The first bytes say what it is. The header may be missing, or still name what a proxy has already undone.
 *
 * @param options.contentEncoding the `Content-Encoding` header
 * @param options.limits @default defaultBodyLimits
 * @throws EventError `EVENT_BODY_TOO_LARGE`, `EVENT_BODY_UNDECODABLE` or `EVENT_ENCODING_UNSUPPORTED`
 */
export async function decodeBody(
  body: Uint8Array,
  options: { contentEncoding?: string | undefined; limits?: BodyLimits | undefined } = {},
): Promise<Buffer> {
  const limits = options.limits ?? defaultBodyLimits;
  if (body.byteLength > limits.compressed) {
    throw eventErrors.bodyTooLarge("compressed", limits.compressed);
  }
  const times = timesCompressed(options.contentEncoding);
  let decoded = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let undone = 0;
  // Without a header too, but then once only.
  while (undone < Math.max(times, 1) && isGzip(decoded)) {
    decoded = await unzip(decoded, limits.decoded);
    undone += 1;
  }
  // Something else that calls itself gzip would be stored as a line that nobody can read.
  if (undone < times && !isUtf8(decoded)) throw eventErrors.bodyUndecodable(undefined);
  if (decoded.byteLength > limits.decoded)
    throw eventErrors.bodyTooLarge("decoded", limits.decoded);
  return decoded;
}

/** How often a body says that it is compressed. */
function timesCompressed(contentEncoding: string | undefined): number {
  const encodings = (contentEncoding ?? "")
    .split(",")
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== "" && encoding !== "identity");
  const isSupported = encodings.every((encoding) => gzipNames.has(encoding));
  if (!isSupported || encodings.length > deepestEncoding) {
    throw eventErrors.encodingUnsupported(encodings.join(", "));
  }
  return encodings.length;
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

async function unzip(body: Uint8Array, limit: number): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw eventErrors.bodyTooLarge("decoded", limit);
    throw eventErrors.bodyUndecodable(error);
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits a decoded body into lines, as raw bytes without line breaks; blank lines and a byte order mark are dropped.
 *
 * @throws EventError `EVENT_BODY_TOO_LARGE` for more lines, or a longer one, than the limits allow
 */
export function splitBatch(
  body: Uint8Array,
  limits: Pick<BodyLimits, "lines" | "lineBytes"> = {},
): Buffer[] {
  const { lines: mostLines = 10_000, lineBytes: longestLine = 128 * 1024 } = limits;
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const lines: Buffer[] = [];
  let count = 0;
  const first = buffer.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  for (let start = first; start < buffer.length; ) {
    count += 1;
    if (count > mostLines) throw eventErrors.tooManyLines(mostLines);
    const newline = buffer.indexOf(0x0a, start);
    const next = newline < 0 ? buffer.length : newline;
    const end = next > start && buffer[next - 1] === 0x0d ? next - 1 : next;
    if (end - start > longestLine) throw eventErrors.lineTooLong(longestLine);
    const line = buffer.subarray(start, end);
    if (!isBlank(line)) lines.push(line);
    start = next + 1;
  }
  return lines;
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
