import { Decimal } from "./decimal.js";
import { CtyError } from "./errors.js";
import type { NumberValue } from "./value.js";

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

// Terraform's numbers carry 512 bits, about 155 digits. The bounds only stop hostile input from
// costing quadratic time; no number that Terraform can produce comes near them.
const maxDigits = 10_000;
const maxExponent = 1_000_000_000;

/** Integers up to this many digits become bigint; doubles have at most 309. */
const maxIntegerDigits = 400;

/**
 * Reads decimal text exactly.
 *
 * @returns a number where `String(number)` has the same value, else a bigint or a Decimal
 * @throws CtyError when the text is no number
 */
export function parseNumber(text: string): NumberValue {
  const match = decimalText.exec(text);
  const [, sign = "", whole = "", fraction = "", power = "0"] = match ?? [];
  const digits = `${whole}${fraction}`;
  if (!match || digits === "") throw new CtyError("not a number");
  const significant = digits.replace(/^0+/, "");
  const trimmed = significant.replace(/0+$/, "");
  const exponent = Number(power) - fraction.length + (significant.length - trimmed.length);
  if (trimmed === "") return 0;
  if (trimmed.length > maxDigits || Math.abs(exponent) > maxExponent) {
    throw new CtyError("the number has too many digits");
  }
  const coefficient = BigInt(trimmed);
  return fromParts(sign === "-" ? -coefficient : coefficient, exponent, trimmed.length);
}

/** A number where it is exact, else the bigint itself. */
export function fromInteger(integer: bigint): NumberValue {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/**
 * The one form that {@link parseNumber} would give, so that equal numbers look equal. A fraction as a JavaScript number, or as
 * a float on the wire, means its shortest decimal text: 0.1 is one tenth. That is how Terraform compares numbers: what `log()`
 * gives has the 53 bits of a float, what is written out or read from state has 512.
 */
export function canonicalNumber(value: NumberValue): NumberValue {
  if (typeof value === "bigint") return fromInteger(value);
  if (value instanceof Decimal) return parseNumber(value.toString());
  if (Number.isNaN(value)) throw new CtyError("not a number");
  return Number.isInteger(value) ? fromInteger(BigInt(value)) : value;
}

function fromParts(coefficient: bigint, exponent: number, digits: number): NumberValue {
  if (exponent >= 0 && digits + exponent <= maxIntegerDigits) {
    return fromInteger(coefficient * 10n ** BigInt(exponent));
  }
  const decimal = Decimal.of(coefficient, exponent);
  if (exponent >= 0 || digits > 17) return decimal;
  const number = Number(`${coefficient}e${exponent}`);
  return isSameDecimal(number, decimal) ? number : decimal;
}

function isSameDecimal(number: number, decimal: Decimal): boolean {
  const match = decimalText.exec(String(number));
  if (!match) return false;
  const [, sign, whole, fraction = "", power = "0"] = match;
  const coefficient = BigInt(`${sign}${whole}${fraction}`);
  return Decimal.of(coefficient, Number(power) - fraction.length).equals(decimal);
}
