import fc from "fast-check";
import { Decimal } from "../../../src/terraform/cty/decimal.js";
import { canonicalNumber } from "../../../src/terraform/cty/number.js";
import { parseType } from "../../../src/terraform/cty/parse-type.js";
import type { CtyType } from "../../../src/terraform/cty/type.js";
import { TypedValue, UNKNOWN, type Value } from "../../../src/terraform/cty/value.js";

const name = fc.oneof(
  fc.constantFrom("a", "b", "c_d", "__proto__", "constructor", "größe", "日本"),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.normalize("NFC")),
);

/** Types of a few levels, without dynamic ones. */
export const staticType: fc.Arbitrary<CtyType> = fc.letrec<{ type: CtyType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    fc.constantFrom<CtyType>("string", "bool", "number"),
    fc.tuple(fc.constantFrom("list" as const, "set" as const, "map" as const), tie("type")),
    fc.tuple(fc.constant("tuple" as const), fc.array(tie("type"), { maxLength: 3 })),
    fc.tuple(fc.constant("object" as const), fc.dictionary(name, tie("type"), { maxKeys: 3 })),
  ),
})).type;

/** Types that may be dynamic themselves. */
export const anyType: fc.Arbitrary<CtyType> = fc.oneof(
  { weight: 5, arbitrary: staticType },
  { weight: 1, arbitrary: fc.constant<CtyType>("dynamic") },
);

export const numberValue = fc
  .oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt(),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
    fc
      .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -60, max: 600 }))
      .map(([coefficient, exponent]) => Decimal.of(coefficient, exponent)),
  )
  .map(canonicalNumber);

const stringValue = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => text.normalize("NFC")),
  fc.constantFrom("", "é", "🙂", "x".repeat(40), "y".repeat(300), "z".repeat(70_000)),
);

/**
 * Canonical values of a type.
 *
 * @param unknowns whether some of them, at any depth, are unknown
 */
export function valuesOfType(
  type: CtyType,
  { unknowns = true, nulls = true } = {},
): fc.Arbitrary<Value> {
  const inner = (innerType: CtyType) => valuesOfType(innerType, { unknowns, nulls });
  return fc.oneof(
    { weight: 8, arbitrary: presentValue(type, inner) },
    ...(nulls ? [{ weight: 1, arbitrary: fc.constant<Value>(null) }] : []),
    ...(unknowns ? [{ weight: 1, arbitrary: fc.constant<Value>(UNKNOWN) }] : []),
  );
}

function presentValue(
  type: CtyType,
  inner: (type: CtyType) => fc.Arbitrary<Value>,
): fc.Arbitrary<Value> {
  if (type === "string") return stringValue;
  if (type === "bool") return fc.boolean();
  if (type === "number") return numberValue;
  if (type === "dynamic") {
    return staticType
      .map((actual) => parseType(actual))
      .chain((actual) => inner(actual).map((value) => new TypedValue(actual, value)));
  }
  switch (type[0]) {
    case "list":
    case "set":
      return fc.array(inner(type[1]), { maxLength: 4 });
    case "map":
      return fc.dictionary(name, inner(type[1]), { maxKeys: 4, noNullPrototype: true });
    case "tuple":
      return fc.tuple(...type[1].map(inner));
    case "object":
      return fc
        .tuple(...Object.values(type[1]).map(inner))
        .map((values) =>
          Object.fromEntries(
            Object.keys(type[1]).map((key, index) => [key, values[index] ?? null]),
          ),
        );
  }
}

/** A type with one of its values. */
export function typedValue(options?: {
  unknowns?: boolean;
}): fc.Arbitrary<{ type: CtyType; value: Value }> {
  return anyType.chain((type) => valuesOfType(type, options).map((value) => ({ type, value })));
}
