import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { eventErrors } from "./errors.js";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Bounds on what a sender may make us hold, in bytes. */
export interface BodyLimits {
  /** The body as it came. */
  compressed: number;
  /** The body after decompression. */
  decoded: number;
}

/** What Kong's own listener allows is 1 MiB each; a batch of 1,000 events needs less than half of it decoded. */
export const defaultBodyLimits: BodyLimits = { compressed: 1024 * 1024, decoded: 8 * 1024 * 1024 };

// Konnect's documentation names application/gzip, its deliveries say gzip (RFC 9110 knows x-gzip for the same).
const gzipNames = new Set(["gzip", "x-gzip", "application/gzip"]);

/** Joins lines into the gzipped body of one delivery. */
export function encodeBatch(lines: readonly string[]): Promise<Buffer> {
  return compress(lines.join("\n"));
}

/**
 * Decompresses a delivery's body; a gzip body without a header that says so is recognised by its first bytes.
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
  const encoding = (options.contentEncoding ?? "identity").trim().toLowerCase() || "identity";
  const isGzip = gzipNames.has(encoding);
  if (!isGzip && encoding !== "identity") throw eventErrors.encodingUnsupported(encoding);
  if (isGzip || (body[0] === 0x1f && body[1] === 0x8b)) return unzip(body, limits.decoded);
  if (body.byteLength > limits.decoded) throw eventErrors.bodyTooLarge("decoded", limits.decoded);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

async function unzip(body: Uint8Array, limit: number): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw eventErrors.bodyTooLarge("decoded", limit);
    throw eventErrors.bodyUndecodable(error);
  }
}

/** A byte order mark in UTF-8, which some tools put at the beginning of a text. */
const byteOrderMark = Buffer.from("\ufeff");

/**
 * Splits a decoded body into lines, as raw bytes without line breaks; blank lines are dropped, and so is a byte order mark at
 * the beginning.
 */
export function splitBatch(body: Uint8Array): Buffer[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const lines: Buffer[] = [];
  const first = buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? byteOrderMark.length
    : 0;
  for (let start = first; start < buffer.length; ) {
    const newline = buffer.indexOf(0x0a, start);
    const next = newline < 0 ? buffer.length : newline;
    const end = next > start && buffer[next - 1] === 0x0d ? next - 1 : next;
    const line = buffer.subarray(start, end);
    if (!isBlank(line)) lines.push(line);
    start = next + 1;
  }
  return lines;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
