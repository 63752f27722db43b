import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, encodeBatch, splitBatch } from "../../src/events/batch.js";

const line = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((s) => /[^\s]/.test(s) && !/[\r\n]/.test(s));

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

test("a byte order mark before a batch is no part of its first line", () => {
  expect(splitBatch(Buffer.from("\ufeffa\nb")).map(String)).toEqual(["a", "b"]);
});

describe("a body", () => {
  const text = Buffer.from("one line\n");

  test.each([
    ["gzip", gzipSync(text)],
    ["application/gzip", gzipSync(text)],
    ["X-GZIP", gzipSync(text)],
    [undefined, gzipSync(text)],
    ["identity", gzipSync(text)],
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
    ["plain text that says gzip", "gzip", text, "EVENT_BODY_UNDECODABLE"],
    ["a cut gzip body", "gzip", gzipSync(text).subarray(0, -4), "EVENT_BODY_UNDECODABLE"],
    ["an unknown encoding", "deflate", deflateSync(text), "EVENT_ENCODING_UNSUPPORTED"],
  ])("with %s is refused", async (_, contentEncoding, body, code) => {
    await expect(decodeBody(body, { contentEncoding })).rejects.toMatchObject({ code });
  });
});
