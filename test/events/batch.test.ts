import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, encodeBatch, splitBatch } from "../../src/events/batch.js";

const line = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((s) => /[^\s]/.test(s) && !/[\r\n]/.test(s) && !s.startsWith("\ufeff"));

describe("a batch", () => {
  test("comes out of a delivery as it went in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        const decoded = await decodeBody(await encodeBatch(lines), { contentEncoding: "gzip" });
        expect(splitBatch(decoded).map(String)).toEqual(lines);
      }),
    );
  });

  test("loses blank lines and carriage returns, and needs no line break at its end", () => {
    expect(splitBatch(Buffer.from("a\r\n\n  \n\tb\n\r\nc")).map(String)).toEqual(["a", "\tb", "c"]);
  });
});

describe("a batch that is split", () => {
  test("loses a byte order mark", () => {
    expect(splitBatch(Buffer.from("\ufeffa\nb")).map(String)).toEqual(["a", "b"]);
  });

  test.each([
    ["more lines than it may have", "a\n".repeat(10_001), {}, /10000 lines/],
    ["more blank lines than that", "\n".repeat(10_001), {}, /10000 lines/],
    ["a longer line than it may have", "a".repeat(128 * 1024 + 1), {}, /131072 bytes/],
    ["more lines than were chosen", "a\nb\nc", { lines: 2 }, /2 lines/],
    ["a longer line than was chosen", "abc", { lineBytes: 2 }, /2 bytes/],
  ])("is refused with %s", (_, body, limits, message) => {
    const split = () => splitBatch(Buffer.from(body), limits);
    expect(split).toThrow(expect.objectContaining({ code: "EVENT_BODY_TOO_LARGE" }));
    expect(split).toThrow(message);
  });

  test("may have as many lines, and as long ones, as the limits say", () => {
    expect(splitBatch(Buffer.from("a\n".repeat(10_000)))).toHaveLength(10_000);
    expect(splitBatch(Buffer.from("abc\nabd"), { lines: 2, lineBytes: 3 })).toHaveLength(2);
  });
});

describe("a body", () => {
  const text = Buffer.from("one line\n");

  test.each([
    ["gzip", gzipSync(text)],
    ["application/gzip", gzipSync(text)],
    ["X-GZIP", gzipSync(text)],
    [undefined, gzipSync(text)],
    ["identity", gzipSync(text)],
    ["gzip, identity", gzipSync(text)],
    ["identity,gzip", gzipSync(text)],
    ["gzip, gzip", gzipSync(gzipSync(text))],
    ["gzip", text],
    ["gzip, gzip", gzipSync(text)],
    [undefined, text],
    ["", text],
  ])("with content encoding %s is decoded", async (contentEncoding, body) => {
    expect(String(await decodeBody(body, { contentEncoding }))).toBe("one line\n");
  });

  test("that decodes to more than the limit is refused before it fills the memory", async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    await expect(decodeBody(bomb, { contentEncoding: "gzip" })).rejects.toMatchObject({
      code: "EVENT_BODY_TOO_LARGE",
      message: expect.stringContaining("decoded"),
    });
  });

  test.each([
    ["compressed", "gzip", Buffer.alloc(11)],
    ["decoded", undefined, Buffer.alloc(6)],
  ])("over the %s limit is refused", async (what, contentEncoding, body) => {
    const limits = { compressed: 10, decoded: 5 };
    await expect(decodeBody(body, { contentEncoding, limits })).rejects.toMatchObject({
      code: "EVENT_BODY_TOO_LARGE",
      message: expect.stringContaining(what),
    });
  });

  test.each([
    ["something else that says gzip", "gzip", deflateSync(text), "EVENT_BODY_UNDECODABLE"],
    ["three encodings", "gzip, gzip, gzip", gzipSync(text), "EVENT_ENCODING_UNSUPPORTED"],
    ["a cut gzip body", "gzip", gzipSync(text).subarray(0, -4), "EVENT_BODY_UNDECODABLE"],
    ["an unknown encoding", "deflate", deflateSync(text), "EVENT_ENCODING_UNSUPPORTED"],
  ])("with %s is refused", async (_, contentEncoding, body, code) => {
    await expect(decodeBody(body, { contentEncoding })).rejects.toMatchObject({ code });
  });
});
