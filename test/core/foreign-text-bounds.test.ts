import { describe, expect, test } from "vitest";
import { cleanText, createCleaner, visible } from "../../src/core/foreign-text.js";

describe("a clean text", () => {
  test("is what is looked at of a long one, and shows that there is more", () => {
    const looked = 8192;
    expect(cleanText("a".repeat(looked), 10_000)).toBe("a".repeat(looked));
    expect(cleanText("a".repeat(looked + 1), 10_000)).toBe(`${"a".repeat(looked)}…`);
    expect(cleanText(`${"\t".repeat(looked)}abc`)).toBe("…");
  });

  test.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["ab😀cd", 4, "ab…"],
    ["ab😀cd", 5, "ab😀…"],
    ["ab😀cd", 6, "ab😀cd"],
    ["😀😀abcdef", 8, "😀😀abc…"],
  ])("of %j in %i characters is %j", (text, most, expected) => {
    expect(createCleaner()(text, most)).toBe(expected);
  });

  test.each([
    ["section_start:1:x", "section start:1:x"],
    ["a Section_End:1:x", "a Section End:1:x"],
    ["section_other:1", "section_other:1"],
    ["intersection_start:1", "intersection_start:1"],
    ["##[error]x", "# #[error]x"],
    ["##vso[x]", "# #vso[x]"],
    ["a ## b [c]", "a ## b [c]"],
    ["::error::x", ": :error: :x"],
    [": : error", ": : error"],
    ["a::1", "a::1"],
  ])("holds no command of a CI system: %j is %j", (text, expected) => {
    expect(cleanText(text).toLowerCase()).toBe(expected.toLowerCase());
  });
});

describe("a character that can't be seen", () => {
  test.each([
    ["\u0000", "\\x00"],
    ["\u001b", "\\x1b"],
    ["\u00ad", "\\xad"],
    ["\u061c", "\\u061c"],
    ["\u202e", "\\u202e"],
    ["\ue000", "\\ue000"],
    ["\u{e0001}", "\\u{e0001}"],
    ["\u{10fffd}", "\\u{10fffd}"],
    ["\ud800", "\\ud800"],
  ])("%j is shown as %s", (character, expected) => {
    expect(visible(`a${character}b`)).toBe(`a${expected}b`);
  });
});
