import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coerce } from "../../../src/terraform/cty/coerce.js";
import { equal } from "../../../src/terraform/cty/equal.js";
import { CtyError } from "../../../src/terraform/cty/errors.js";
import { parseJson } from "../../../src/terraform/cty/json.js";

// Digits enough that JSON.parse might round, so that the exact parser does the work.
const exact = (json: string) => parseJson(`[${json},1234567890123456]`) as unknown[];

describe("parsing JSON exactly", () => {
  test("agrees with JSON.parse wherever that loses nothing", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: "grapheme" }),
        fc.constantFrom(undefined, 2, "\t"),
        (value, indent) => {
          const json = JSON.stringify(value, null, indent);
          const parsed = exact(json)[0];
          expect(JSON.stringify(parsed, exactAsNumber)).toBe(JSON.stringify(JSON.parse(json)));
        },
      ),
    );
  });

  test("reads states with millions of escapes, long numbers beside them or not", () => {
    const text = `${'"'.repeat(5_000_000)} 1234567890123456`;
    expect(parseJson(JSON.stringify({ text }))).toEqual({ text });
    const both = `{"id": 12345678901234567890, "text": ${JSON.stringify(text)}}`;
    expect(parseJson(both)).toEqual({ id: 12345678901234567890n, text });
  });

  test("keeps every digit of a number", () => {
    expect(parseJson('{"id": 12345678901234567890}')).toEqual({ id: 12345678901234567890n });
    expect(String((exact("0.12345678901234567890123") as unknown[])[0])).toBe(
      "12345678901234567890123e-23",
    );
  });

  test("refuses everything that JSON.parse refuses, without quoting it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^[[\]{},:"\\ truefalsn0-9.eE+-]{0,20}$/),
          fc.constantFrom("{", "[1,]", '{"a"}', '"\\x"', '"a\nb"', "01", "1.", "tru", "[1 2]", ""),
        ),
        (text) => {
          const attempt = () => exact(text);
          if (isJson(`[${text},1234567890123456]`)) attempt();
          else expect(attempt).toThrow(CtyError);
        },
      ),
      { numRuns: 2000 },
    );
    expect(() => parseJson("kpat_secret")).toThrow(/^not valid JSON$/);
  });

  test("refuses depths that would exhaust the stack", () => {
    expect(() => exact("[".repeat(100_000))).toThrow(CtyError);
  });

  test("takes __proto__ for a name like any other", () => {
    const parsed = exact('{"__proto__": {"x": 1}}')[0];
    expect(Object.keys(parsed as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });
});

describe("values from JSON", () => {
  test("fit their type or name the place that does not", () => {
    const type = ["object", { tags: ["set", "string"], size: "number" }] as const;
    const value = coerce({ tags: ["e\u0301"], size: 1e21 }, type);
    expect(equal(value, { tags: ["é"], size: 10n ** 21n }, type)).toBe(true);
    expect(() => coerce({ tags: [1] }, type)).toThrow("tags[0]: needs a string, got a number");
    expect(() => coerce({ other: 1 }, type)).toThrow("other: the schema has no such attribute");
    expect(() => coerce("x", type)).toThrow("needs a object, got a string");
  });
});

function exactAsNumber(_key: string, value: unknown): unknown {
  const isExact = typeof value === "bigint" || value?.constructor?.name === "Decimal";
  return isExact ? Number(String(value)) : value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
