import { describe, expect, test } from "vitest";
import { cleanLines, cleanText } from "../../src/core/foreign-text.js";

describe("the lines of a message", () => {
  test.each([
    ["a\n  b\n    c", "a\n  b\n    c"],
    ["a  b", "a b"],
    ["          a", "        a"],
    ["\n\na", "\n\na"],
    ["a\u001b[31m\nb", "a\\x1b[31m\nb"],
  ])("%j are shown as %j", (text, expected) => {
    expect(cleanLines(text, cleanText)).toBe(expected);
  });

  test("are at most so many, with a sign that there are more", () => {
    expect(cleanLines("a\nb\nc", cleanText, 3)).toBe("a\nb\nc");
    expect(cleanLines("a\nb\nc\nd", cleanText, 3)).toBe("a\nb\nc\n…");
  });
});
