import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printableJson } from "../../src/core/json.js";

const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u;

describe("JSON that a terminal may show", () => {
  test("escapes C1 controls, bidirectional and zero-width characters, beyond the first plane too", () => {
    expect(printableJson("\u009b31m\u202e\u200b\u2028\u{e0001}\u007f")).toBe(
      String.raw`"\u009b31m\u202e\u200b\u2028\udb40\udc01\u007f"`,
    );
  });

  test("is the same value to whoever parses it, and holds nothing that steers", () => {
    const texts = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(texts, texts), (value) => {
        const json = printableJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).not.toMatch(steering);
      }),
    );
  });
});
