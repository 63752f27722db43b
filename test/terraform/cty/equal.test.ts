import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equal, fingerprint } from "../../../src/terraform/cty/equal.js";
import type { CtyType } from "../../../src/terraform/cty/type.js";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { anyType, typedValue, valuesOfType } from "./arbitraries.js";

describe("equality", () => {
  test("holds between a value and its copy", () => {
    fc.assert(
      fc.property(
        anyType.chain((type) => fc.tuple(fc.constant(type), fc.clone(valuesOfType(type), 2))),
        ([type, [a, b]]) => {
          expect(equal(a, b, type)).toBe(true);
        },
      ),
    );
  });

  test("is symmetric and agrees with fingerprints", () => {
    const pair = anyType.chain((type) =>
      fc.tuple(fc.constant(type), valuesOfType(type), valuesOfType(type)),
    );
    fc.assert(
      fc.property(pair, ([type, a, b]) => {
        expect(equal(a, b, type)).toBe(equal(b, a, type));
        expect(equal(a, b, type)).toBe(fingerprint(a, type) === fingerprint(b, type));
      }),
    );
  });

  test("ignores order and repetition in sets, and neither in lists", () => {
    const set: CtyType = ["set", ["set", "number"]];
    expect(equal([[1, 2], [3]], [[3], [2, 1], [1, 2]], set)).toBe(true);
    expect(equal([1, 2], [2, 1], ["list", "number"])).toBe(false);
    expect(equal([1], [1, 1], ["list", "number"])).toBe(false);
  });

  test("keeps null, unknown and empty apart", () => {
    const values = [null, UNKNOWN, []];
    for (const a of values) {
      for (const b of values) expect(equal(a, b, ["list", "string"])).toBe(a === b);
    }
    expect(equal({ a: null }, {}, ["map", "string"])).toBe(false);
    expect(equal({ a: null }, {}, ["object", { a: "string" }])).toBe(true);
  });

  test("never takes one value for another of its type", () => {
    fc.assert(
      fc.property(typedValue({ unknowns: false }), ({ type, value }) => {
        fc.pre(value !== null);
        expect(equal(value, null, type)).toBe(false);
        expect(equal(value, UNKNOWN, type)).toBe(false);
      }),
    );
  });
});
