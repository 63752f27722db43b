import { describe, expect, test } from "vitest";
import { readBounded, readUpTo, TooLargeError } from "../../src/core/bounded-reader.js";

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Counts what is taken of it, and never ends. */
function endless() {
  const source = { taken: 0, ended: false };
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        source.taken++;
        yield Buffer.alloc(1_000);
      }
    } finally {
      source.ended = true;
    }
  }
  return { source, stream: read() };
}

describe("reading within a limit", () => {
  test("gives all of a stream that is short enough", async () => {
    expect((await readBounded(chunks("ab", "cd"), 4)).toString()).toBe("abcd");
    expect((await readBounded(chunks(), 0)).length).toBe(0);
  });

  test("ends an endless stream at the limit", async () => {
    const { source, stream } = endless();
    await expect(readBounded(stream, 2_500)).rejects.toThrow(TooLargeError);
    expect(source).toEqual({ taken: 3, ended: true });
  });

  test("gives the beginning of a long one, and says that there is more", async () => {
    const { bytes, complete } = await readUpTo(chunks("abc", "def"), 4);
    expect({ text: bytes.toString(), complete }).toEqual({ text: "abcd", complete: false });
    expect(await readUpTo(chunks("abc", "d"), 4)).toMatchObject({ complete: true });
  });
});
