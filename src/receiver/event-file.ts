import { createReadStream } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { kindOf } from "../core/regular-file.js";
import { systemCode } from "../core/system-error.js";
import { untilAborted } from "../core/until-aborted.js";
import { receiverErrors } from "./errors.js";

export interface EventFileOptions {
  signal?: AbortSignal | undefined;
  /** What the path `-` stands for. */
  stdin?: AsyncIterable<Uint8Array> | undefined;
  /** What the path led to when it was opened, to be read from its beginning; it stays open. @default opened for the reading */
  file?: FileHandle | undefined;
}

/**
 * Reads a file of events as what a text of lines is made of: gzip and UTF-16 are undone, a byte order mark is dropped. Forms
 * that hold events otherwise than one a line are refused by name.
 *
 * @param path `-` stands for `stdin`
 * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
 */
export async function* readEventFile(
  path: string,
  options: EventFileOptions = {},
): AsyncGenerator<Buffer> {
  const { signal } = options;
  try {
    const source = path === "-" && options.stdin ? options.stdin : await openBytes(path, options);
    const bytes = signal ? chunksUntilAborted(signal, source) : source;
    let isFirst = true;
    for await (const chunk of decoded(bytes, path)) {
      signal?.throwIfAborted();
      if (isFirst) refuseOtherForms(path, chunk);
      isFirst = false;
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Error && cause.name === "ReceiverError") throw cause;
    const code = systemCode(cause);
    throw receiverErrors.evidenceFileUnreadable(path, gzipFaults[code] ?? code, cause);
  }
}

/** A pipe that nobody writes to is not waited for any longer. */
async function* chunksUntilAborted(
  signal: AbortSignal,
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(signal, chunks.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    const ending = Promise.resolve(chunks.return?.()).catch(() => undefined);
    if (!signal.aborted) await ending;
  }
}

const gzipFaults: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "it is compressed (gzip) and its end is missing",
  Z_DATA_ERROR: "it is compressed (gzip) and damaged, or something else follows",
};

async function openBytes(
  path: string,
  { signal, file }: EventFileOptions,
): Promise<AsyncIterable<Buffer>> {
  if (file) return readWhole(file);
  const stats = await stat(path);
  // A pipe is fine, as the shell's <(…) makes one; a device may have no end.
  if (!stats.isFile() && !stats.isFIFO()) {
    throw receiverErrors.evidenceFileUnreadable(path, `it is ${kindOf(stats)}`);
  }
  return createReadStream(path, signal ? { signal } : {}) as AsyncIterable<Buffer>;
}

async function* readWhole(file: FileHandle): AsyncGenerator<Buffer> {
  const length = 64 * 1024;
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

const gzipMark = Buffer.from([0x1f, 0x8b]);
const utf8Mark = Buffer.from("\ufeff");
const utf32Marks = [Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from([0, 0, 0xfe, 0xff])];
const otherCompressions: readonly (readonly [name: string, mark: Buffer])[] = [
  ["zip", Buffer.from("PK\u0003\u0004")],
  ["zip", Buffer.from("PK\u0005\u0006")],
  ["lz4", Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ["bzip2", Buffer.from("BZh")],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a])],
];

/** Undoes what the first bytes tell. */
async function* decoded(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Buffer> {
  const { head, all } = await beginningOf(bytes);
  if (head.subarray(0, 2).equals(gzipMark)) {
    yield* decoded(gunzipped(all), path);
    return;
  }
  if (utf32Marks.some((mark) => head.subarray(0, mark.length).equals(mark))) {
    throw receiverErrors.evidenceFileUnreadable(path, "it is in UTF-32: write it in UTF-8 first");
  }
  const encoding = utf16Of(head);
  if (encoding) {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of all) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== "") yield Buffer.from(text, "utf8");
    }
    return;
  }
  let isFirst = true;
  for await (const chunk of all) {
    const marked = isFirst && chunk.subarray(0, utf8Mark.length).equals(utf8Mark);
    isFirst = false;
    yield marked ? chunk.subarray(utf8Mark.length) : chunk;
  }
}

/** The first bytes, at least a few unless there are fewer, and all of them again. */
async function beginningOf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 8 && !ended) {
    const next = await iterator.next();
    if (next.done) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  const all = async function* () {
    try {
      if (head.length > 0) yield head;
      while (!ended) {
        const next = await iterator.next();
        if (next.done) return;
        yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
    } finally {
      await iterator.return?.();
    }
  };
  return { head, all: all() };
}

function gunzipped(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const source = Readable.from(bytes, { objectMode: false });
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  gunzip.on("close", () => source.destroy());
  return source.pipe(gunzip) as AsyncIterable<Buffer>;
}

/** By its byte order mark, or by the zero bytes that the letters of ASCII have in it. */
function utf16Of(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a && b === 0 && c && d === 0) return "utf-16le";
  return a === 0 && b && c === 0 && d ? "utf-16be" : undefined;
}

function refuseOtherForms(path: string, first: Buffer): void {
  const compression = otherCompressions.find(([, mark]) =>
    first.subarray(0, mark.length).equals(mark),
  );
  const isArchive = first.subarray(257, 262).toString("latin1") === "ustar";
  const packed = isArchive ? "it is an archive (tar): unpack it first" : undefined;
  const form = compression
    ? `it is compressed (${compression[0]}): decompress it first`
    : (packed ??
      formOf(
        first
          .subarray(0, 64 * 1024)
          .toString("utf8")
          .trimStart(),
      ));
  if (form) throw receiverErrors.evidenceFileUnreadable(path, form);
}

function formOf(text: string): string | undefined {
  if (/^\[\s*(?:[{\]"]|$)/.test(text)) {
    return "it is one JSON array: write an event a line first (jq -c '.[]')";
  }
  if (/^\{\s*(?:"meta"\s*:\s*\{[^[\]]*\}\s*,\s*)?"data"\s*:\s*\[/.test(text)) {
    return "it is a page of the pull API: write a record a line first (jq -c '.data[]')";
  }
  if (/^\{[ \t]*\r?\n/.test(text)) {
    return "it is JSON over several lines: write an event a line first (jq -c .)";
  }
  // A table's header: words only, one of them a column for what was received.
  const [header = ""] = text.split(/\r?\n/, 1);
  const columns = header.split(/[,;\t]/).map((name) => name.replace(/^"(.*)"$/, "$1"));
  if (columns.every((name) => /^[\w.@ -]{1,64}$/.test(name)) && columns.some(isLineColumn)) {
    return `it is a table (CSV): write the lines of one column first (${columns.find(isLineColumn)})`;
  }
  return undefined;
}

function isLineColumn(name: string): boolean {
  return ["_raw", "raw", "message", "@message", "event", "line", "log"].includes(
    name.toLowerCase(),
  );
}
