import fc from "fast-check";
import { fingerprint } from "../../../src/terraform/cty/equal.js";
import { type CtyType, innerType } from "../../../src/terraform/cty/type.js";
import {
  isObjectValue,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from "../../../src/terraform/cty/value.js";
import { typeOf } from "../../../src/terraform/schema/object-type.js";
import {
  type Attribute,
  isBlock,
  isNested,
  type JsonValue,
  type NestedType,
} from "../../../src/terraform/schema/schema.js";
import { staticType, valuesOfType } from "../cty/arbitraries.js";

type Attributes = Readonly<Record<string, Attribute>>;

const configurability: fc.Arbitrary<Partial<Attribute>> = fc.oneof(
  fc.constant<Partial<Attribute>>({ required: true }),
  fc.constant<Partial<Attribute>>({ optional: true }),
  fc.record({ computed: fc.constant(true), useStateForUnknown: fc.boolean() }),
  fc.record({
    optional: fc.constant(true),
    computed: fc.constant(true),
    useStateForUnknown: fc.boolean(),
  }),
);

/** Defaults of primitive attributes; optional + computed, and not in sets. */
const defaults: Partial<Record<string, JsonValue>> = { string: "é", bool: false, number: 0.1 };

function attribute(depth: number, inSet: boolean): fc.Arbitrary<Attribute> {
  const type = fc.oneof(
    { weight: 4, arbitrary: staticType as fc.Arbitrary<CtyType | NestedType> },
    ...(depth > 0
      ? [
          {
            weight: 3,
            arbitrary: fc
              .constantFrom("single" as const, "list" as const, "set" as const, "map" as const)
              .chain((nesting) =>
                attributes(depth - 1, inSet || nesting === "set").map(
                  (inner): NestedType => ({ nesting, attributes: inner }),
                ),
              ),
          },
        ]
      : []),
  );
  return fc
    .tuple(
      type,
      configurability,
      fc.record({ replace: fc.boolean(), writeOnly: fc.boolean(), preset: fc.boolean() }),
    )
    .map(([attributeType, kind, { replace, writeOnly, preset }]) => {
      const value = typeof attributeType === "string" ? defaults[attributeType] : undefined;
      return {
        type: attributeType,
        ...kind,
        ...(replace && { requiresReplace: true }),
        ...(writeOnly && !inSet && !kind.computed && { writeOnly: true }),
        ...(preset &&
          !inSet &&
          kind.optional &&
          kind.computed &&
          value !== undefined && { default: value }),
      };
    });
}

/** Blocks, which hold attributes and blocks. */
function block(depth: number, inSet: boolean): fc.Arbitrary<Attribute> {
  return fc
    .constantFrom("single" as const, "list" as const, "set" as const, "map" as const)
    .chain((nesting) =>
      fc
        .record({
          inner: attributes(depth - 1, inSet || nesting === "set", true),
          required: fc.boolean(),
          replace: fc.boolean(),
          bounds: fc.option(fc.record({ min: fc.nat(2), max: fc.integer({ min: 2, max: 9 }) })),
        })
        .map(
          ({ inner, required, replace, bounds }): Attribute => ({
            type: { nesting, block: true, attributes: inner },
            ...(nesting === "single" && (required ? { required } : { optional: true })),
            ...((nesting === "list" || nesting === "set") &&
              bounds && { checks: [{ kind: "length", ...bounds }] }),
            ...(replace && { requiresReplace: true }),
          }),
        ),
    );
}

function attributes(depth: number, inSet = false, blocks = false): fc.Arbitrary<Attributes> {
  const any = fc.oneof(
    { weight: 3, arbitrary: attribute(depth, inSet) },
    ...(blocks && depth > 0 ? [{ weight: 2, arbitrary: block(depth, inSet) }] : []),
  );
  return fc
    .array(any, { minLength: 1, maxLength: depth === 2 ? 5 : 3 })
    .map((list) => Object.fromEntries(list.map((each, index) => [`a${index}`, each])));
}

/** The attributes and blocks of a resource. */
export const anyAttributes = attributes(2, false, true);

/** Configurations: computed values null, required ones present. */
export function anyConfig(schema: Attributes, unknowns: boolean): fc.Arbitrary<ObjectValue> {
  return fc
    .tuple(...Object.values(schema).map((each) => configured(each, unknowns)))
    .map((values) =>
      Object.fromEntries(Object.keys(schema).map((name, index) => [name, values[index] ?? null])),
    );
}

function configured(each: Attribute, unknowns: boolean): fc.Arbitrary<Value> {
  const blocks = isBlock(each.type) && each.type.nesting !== "single";
  if (!each.required && !each.optional && !blocks) return fc.constant<Value>(null);
  const present = isNested(each.type)
    ? nestedConfig(each.type, unknowns)
    : valuesOfType(each.type, { unknowns, nulls: false });
  return fc
    .oneof(
      { weight: 6, arbitrary: present },
      ...(each.required || blocks ? [] : [{ weight: 2, arbitrary: fc.constant<Value>(null) }]),
      ...(unknowns ? [{ weight: 1, arbitrary: fc.constant<Value>(UNKNOWN) }] : []),
    )
    .map((value) => withUniqueElements(value, typeOf(each)));
}

function nestedConfig(
  { nesting, attributes: inner }: NestedType,
  unknowns: boolean,
): fc.Arbitrary<Value> {
  const element: fc.Arbitrary<Value> = anyConfig(inner, unknowns);
  if (nesting === "single") return element;
  if (nesting === "map") {
    const key = fc.constantFrom("x", "y", "__proto__", "日本");
    return fc.dictionary(key, element, { maxKeys: 3, noNullPrototype: true });
  }
  return fc.array(element, { maxLength: 3 });
}

/** As core hands sets over: without equal elements. */
export function withUniqueElements(value: Value, type: CtyType): Value {
  if (Array.isArray(value)) {
    const elements = value.map((each, index) => withUniqueElements(each, innerType(type, index)));
    if (type[0] !== "set") return elements;
    const unique = new Map(elements.map((each) => [fingerprint(each, innerType(type, 0)), each]));
    return [...unique.values()];
  }
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      withUniqueElements(each, innerType(type, key)),
    ]),
  );
}

/** The same configuration once everything in it is known. */
export function resolved(schema: Attributes, config: ObjectValue, seed: number): ObjectValue {
  return Object.fromEntries(
    Object.entries(schema).map(([name, each]) => {
      const value = resolvedValue(each, config[name] ?? null, seed);
      return [name, withUniqueElements(value, typeOf(each))];
    }),
  );
}

function resolvedValue(each: Attribute, value: Value, seed: number): Value {
  if (value === UNKNOWN) {
    return (
      fc.sample(configured({ ...each, required: true }, false), { seed, numRuns: 1 })[0] ?? null
    );
  }
  if (!isNested(each.type)) return withKnownValues(value, typeOf(each), seed);
  const { nesting, attributes: inner } = each.type;
  const element = (member: Value) =>
    isObjectValue(member) ? resolved(inner, member, seed) : member;
  if (nesting === "single") return element(value);
  if (Array.isArray(value)) return value.map(element);
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, element(member)]));
}

/** A value with something known in place of everything unknown, as an API answers it. */
export function withKnownValues(value: Value, type: CtyType, seed: number): Value {
  if (value === UNKNOWN) {
    const known = valuesOfType(type, { unknowns: false });
    return withUniqueElements(fc.sample(known, { seed, numRuns: 1 })[0] ?? null, type);
  }
  if (Array.isArray(value)) {
    return value.map((each, index) => withKnownValues(each, innerType(type, index), seed + index));
  }
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      withKnownValues(each, innerType(type, key), seed),
    ]),
  );
}

/** The value without its empty collections of blocks, which APIs like to leave out. */
export function withoutEmptyCollections(schema: Attributes, value: Value): Value {
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const type = schema[name]?.type;
      if (type === undefined || !isBlock(type)) return [[name, each]];
      const inside = (element: Value) => withoutEmptyCollections(type.attributes, element);
      if (type.nesting === "single") return [[name, inside(each)]];
      if (Array.isArray(each)) return each.length > 0 ? [[name, each.map(inside)]] : [];
      const entries = isObjectValue(each) ? Object.entries(each) : [];
      const blocks = entries.map(([key, element]) => [key, inside(element)]);
      return blocks.length > 0 ? [[name, Object.fromEntries(blocks)]] : [];
    }),
  );
}
