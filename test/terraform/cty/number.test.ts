import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/terraform/cty/decimal.js";
import { CtyError } from "../../../src/terraform/cty/errors.js";
import { canonicalNumber, parseNumber } from "../../../src/terraform/cty/number.js";
import { numberValue } from "./arbitraries.js";

describe("numbers", () => {
  test("are read back from their own text", () => {
    fc.assert(
      fc.property(numberValue, (number) => {
        expect(parseNumber(String(number))).toEqual(number);
      }),
    );
  });

  test("that are equal look equal, however they are written", () => {
    const shapes = ["1e2", "100", "100.0", "+100", "0100", "1000e-1", ".1e3"];
    expect(new Set(shapes.map(parseNumber))).toEqual(new Set([100]));
    expect(parseNumber("-0.0")).toBe(0);
    expect(canonicalNumber(-0)).toBe(0);
    expect(canonicalNumber(7n)).toBe(7);
    expect(canonicalNumber(2 ** 60)).toBe(2n ** 60n);
    expect(canonicalNumber(Decimal.of(50n, -1))).toBe(5);
  });

  test("keep what a double would lose", () => {
    expect(parseNumber("9007199254740993")).toBe(9007199254740993n);
    expect(parseNumber("0.1")).toBe(0.1);
    expect(parseNumber("0.10000000000000000555")).toEqual(Decimal.of(10000000000000000555n, -20));
  });

  test("that come as floats mean their shortest decimal text, as Terraform compares them", () => {
    expect(canonicalNumber(0.5)).toBe(0.5);
    expect(canonicalNumber(2.095903274289385)).toBe(2.095903274289385);
    expect(canonicalNumber(2 ** 64)).toBe(2n ** 64n);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (float) => {
        expect(Number(String(canonicalNumber(float)))).toBe(float === 0 ? 0 : float);
      }),
    );
  });

  test.each(["", "x", "1x", "0x10", "1e", "--1", "NaN", "Infinity", "1e9999999999", "1 2", "."])(
    "are not made of %j",
    (text) => {
      expect(() => parseNumber(text)).toThrow(CtyError);
    },
  );

  test("with too many digits are refused before they cost time", () => {
    expect(() => parseNumber("7".repeat(2_000_000))).toThrow("too many digits");
    expect(parseNumber(`1${"0".repeat(2_000_000)}`)).toEqual(Decimal.of(1n, 2_000_000));
  });
});
