import { equal } from "../cty/equal.js";
import { isObjectValue, isUnknown, member, type ObjectValue, type Value } from "../cty/value.js";
import { typeOf } from "../schema/object-type.js";
import { type Attribute, isNested } from "../schema/schema.js";
import type { AttributePath } from "./diagnostics.js";

type Attributes = Readonly<Record<string, Attribute>>;

/** The changed attributes that ask for a replacement. Inside sets, the set itself is named. */
export function replacementPaths(
  attributes: Attributes,
  prior: ObjectValue,
  planned: ObjectValue,
): AttributePath[] {
  return changedPaths(attributes, prior, planned, []);
}

/** The names of all attributes that differ. */
export function changedNames(
  attributes: Attributes,
  prior: ObjectValue,
  planned: ObjectValue,
): string[] {
  return Object.entries(attributes)
    .filter(([name, attribute]) => differs(attribute, member(prior, name), member(planned, name)))
    .map(([name]) => name);
}

function changedPaths(
  attributes: Attributes,
  prior: ObjectValue,
  planned: ObjectValue,
  path: AttributePath,
): AttributePath[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const before = member(prior, name);
    const after = member(planned, name);
    if (!differs(attribute, before, after)) return [];
    const here = [...path, name];
    if (attribute.requiresReplace) return [here];
    return changedInside(attribute, before, after, here);
  });
}

function changedInside(
  { type }: Attribute,
  before: Value,
  after: Value,
  path: AttributePath,
): AttributePath[] {
  if (!isNested(type)) return [];
  const { nesting, attributes } = type;
  // Whatever it turns out to be, a replacement fits: Terraform would not take one that comes up at apply.
  if (isUnknown(after)) return anyRequiresReplace(attributes) ? [path] : [];
  if (nesting === "single") {
    if (!isObjectValue(before) || !isObjectValue(after)) {
      return anyRequiresReplace(attributes) ? [path] : [];
    }
    return changedPaths(attributes, before, after, path);
  }
  if (nesting === "set") return anyRequiresReplace(attributes) ? [path] : [];
  const steps = new Set([...stepsOf(before), ...stepsOf(after)]);
  return [...steps].flatMap((step) => {
    const old = elementAt(before, step);
    const next = elementAt(after, step);
    const here = [...path, step];
    if (isObjectValue(old) && isObjectValue(next)) return changedPaths(attributes, old, next, here);
    return anyRequiresReplace(attributes) ? [path] : [];
  });
}

function anyRequiresReplace(attributes: Attributes): boolean {
  return Object.values(attributes).some(
    ({ requiresReplace, type }) =>
      requiresReplace || (isNested(type) && anyRequiresReplace(type.attributes)),
  );
}

function differs(attribute: Attribute, before: Value, after: Value): boolean {
  return !equal(before, after, typeOf(attribute));
}

function stepsOf(value: Value): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return isObjectValue(value) ? Object.keys(value) : [];
}

function elementAt(value: Value, step: string | number): Value {
  if (Array.isArray(value)) return value[Number(step)] ?? null;
  return isObjectValue(value) ? member(value, String(step)) : null;
}
