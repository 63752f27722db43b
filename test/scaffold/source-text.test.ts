import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { literal } from "../../src/scaffold/source-text.js";
import { steeringOf } from "../support/spelled-secrets.js";

/** The value of a string literal: what is JSON means the same in TypeScript. */
const meaningOf = (source: string): unknown => JSON.parse(source);

describe("a literal in written code", () => {
  test("holds no character that hides or steers, and no command of a CI system", () => {
    const hostile = "\u001b[31m\u009b1m\u202e\u2066\u200b\u2028\n::error::x ##[error]y ##vso[z]";
    expect(steeringOf(literal(hostile))).toBeUndefined();
    expect(literal(hostile)).not.toMatch(/::[a-z]|##[a-z]*\[/);
    expect(meaningOf(literal(hostile))).toBe(hostile);
    expect(literal("http://[::1]:8080/größe-👩‍💻")).toBe('"http://[::1]:8080/größe-👩\\u200d💻"');
  });

  test("has the value that was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(meaningOf(literal(text))).toBe(text);
        expect(steeringOf(literal(text))).toBeUndefined();
      }),
    );
  });
});
