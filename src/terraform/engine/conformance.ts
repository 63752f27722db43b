import { equal, fingerprint } from "../cty/equal.js";
import { type CtyType, innerType } from "../cty/type.js";
import {
  hasUnknown,
  isNull,
  isObjectValue,
  isUnknown,
  member,
  type ObjectValue,
  TypedValue,
  type Value,
} from "../cty/value.js";
import { typeOf } from "../schema/object-type.js";
import { type Attribute, isNested } from "../schema/schema.js";

type Attributes = Readonly<Record<string, Attribute>>;

/** A value that a handler may not give, by Terraform's rules. */
export interface Violation {
  readonly name: string;
  readonly message: string;
}

/**
 * Checks what a `plan` handler did to the engine's plan: it may only change computed attributes that
 * are not configured, those in nested attributes and blocks included, but for sets: what is planned
 * there has nothing that it could be compared with.
 */
export function planViolations(
  attributes: Attributes,
  engine: ObjectValue,
  planned: ObjectValue,
  config: ObjectValue,
): Violation[] {
  return Object.entries(attributes)
    .filter(
      ([name, attribute]) =>
        !mayBePlanned(attribute, member(engine, name), member(planned, name), member(config, name)),
    )
    .map(([name]) => ({
      name,
      message: `the plan changed "${name}", which is configured or not computed`,
    }));
}

function mayBePlanned(attribute: Attribute, engine: Value, planned: Value, config: Value): boolean {
  const { type, computed } = attribute;
  if (computed && isNull(config)) return true;
  if (equal(engine, planned, typeOf(attribute))) return true;
  if (!isNested(type) || type.nesting === "set") return false;
  if (type.nesting === "single")
    return objectMayBePlanned(type.attributes, engine, planned, config);
  const before = elementsOf(engine);
  const after = elementsOf(planned);
  const configured = elementsOf(config) ?? {};
  if (!before || !after || !sameKeys(Object.keys(before), Object.keys(after))) return false;
  return Object.keys(before).every((key) =>
    objectMayBePlanned(
      type.attributes,
      member(before, key),
      member(after, key),
      member(configured, key),
    ),
  );
}

function objectMayBePlanned(
  attributes: Attributes,
  engine: Value,
  planned: Value,
  config: Value,
): boolean {
  if (!isObjectValue(engine) || !isObjectValue(planned) || !isObjectValue(config)) {
    return engine === planned;
  }
  return planViolations(attributes, engine, planned, config).length === 0;
}

/** The elements of a list by index, those of a map by key; undefined for what is null or unknown. */
function elementsOf(collection: Value): ObjectValue | undefined {
  if (Array.isArray(collection)) return Object.fromEntries(collection.entries());
  return isObjectValue(collection) ? collection : undefined;
}

/** Checks the result of create or update: what was known in the plan must have come back. */
export function applyViolations(
  attributes: Attributes,
  planned: ObjectValue,
  result: ObjectValue,
): Violation[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const type = typeOf(attribute);
    const actual = member(result, name);
    if (hasUnknown(actual)) {
      return [{ name, message: `"${name}" is still unknown after apply` }];
    }
    if (conforms(member(planned, name), actual, type)) return [];
    return [{ name, message: `"${name}" is not what was planned` }];
  });
}

/** Checks the result of a data source: what was configured must have come back. */
export function readViolations(
  attributes: Attributes,
  config: ObjectValue,
  result: ObjectValue,
): Violation[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const configured = member(config, name);
    const actual = member(result, name);
    if (hasUnknown(actual)) return [{ name, message: `"${name}" is unknown` }];
    if (isNull(configured) && attribute.computed) return [];
    if (isNested(attribute.type)) return [];
    if (equal(configured, actual, typeOf(attribute))) return [];
    return [{ name, message: `"${name}" is not what was configured` }];
  });
}

/** Whether a value is one that a planned value with unknown parts may become. */
function conforms(planned: Value, actual: Value, type: CtyType): boolean {
  if (isUnknown(planned)) return true;
  if (!hasUnknown(planned)) return equal(planned, actual, type);
  if (planned instanceof TypedValue) {
    return actual instanceof TypedValue && conforms(planned.value, actual.value, planned.type);
  }
  if (Array.isArray(planned)) {
    if (!Array.isArray(actual)) return false;
    if (type[0] === "set") return conformsAsSet(planned, actual, type);
    return (
      planned.length === actual.length &&
      planned.every((element, index) =>
        conforms(element, actual[index] ?? null, innerType(type, index)),
      )
    );
  }
  if (!isObjectValue(planned) || !isObjectValue(actual)) return false;
  const names = Object.keys(planned);
  if (type[0] === "map" && !sameKeys(names, Object.keys(actual))) return false;
  return names.every((name) =>
    conforms(member(planned, name), member(actual, name), innerType(type, name)),
  );
}

/** Terraform's own rule for sets with unknown parts: nothing known may vanish, none be added. */
function conformsAsSet(planned: Value[], actual: Value[], type: CtyType): boolean {
  const elementType = innerType(type, 0);
  const found = new Set(actual.map((element) => fingerprint(element, elementType)));
  const known = planned.filter((element) => !hasUnknown(element));
  return (
    actual.length <= planned.length &&
    known.every((element) => found.has(fingerprint(element, elementType)))
  );
}

function sameKeys(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}

/** The value with null in place of what is still unknown, as state may hold nothing unknown. */
export function withoutUnknowns(value: Value): Value {
  if (isUnknown(value)) return null;
  if (value instanceof TypedValue) return new TypedValue(value.type, withoutUnknowns(value.value));
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, element]) => [name, withoutUnknowns(element)]),
  );
}
