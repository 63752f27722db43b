// What Terraform's core demands of a provider, written from its documented rules and independently
// of the engine: the proposed new state, and the checks of plans and of apply results.
import { equal, fingerprint } from "../../../src/terraform/cty/equal.js";
import { type CtyType, innerType } from "../../../src/terraform/cty/type.js";
import {
  hasUnknown,
  isObjectValue,
  isUnknown,
  type ObjectValue,
  type Value,
} from "../../../src/terraform/cty/value.js";
import { typeOf } from "../../../src/terraform/schema/object-type.js";
import {
  type Attribute,
  isBlock,
  isNested,
  type NestedType,
} from "../../../src/terraform/schema/schema.js";

type Attributes = Readonly<Record<string, Attribute>>;

/** The state that core proposes: what is configured, and prior values where computed ones are not. */
export function proposedNew(
  attributes: Attributes,
  prior: ObjectValue | null,
  config: ObjectValue,
): ObjectValue {
  const proposed: ObjectValue = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const configured = config[name] ?? null;
    const before = prior?.[name] ?? null;
    if (attribute.computed && configured === null) proposed[name] = before;
    else if (isNested(attribute.type))
      proposed[name] = proposedNested(attribute.type, before, configured);
    else proposed[name] = configured;
  }
  return proposed;
}

function proposedNested({ nesting, attributes }: NestedType, prior: Value, config: Value): Value {
  const merge = (before: Value, after: Value): Value =>
    isObjectValue(after)
      ? proposedNew(attributes, isObjectValue(before) ? before : null, after)
      : after;
  if (nesting === "single") return merge(prior, config);
  if (Array.isArray(config)) {
    return config.map((element, index) => {
      if (!Array.isArray(prior)) return merge(null, element);
      if (nesting === "list") return merge(prior[index] ?? null, element);
      return merge(prior.find((old) => couldBe(attributes, old, element)) ?? null, element);
    });
  }
  if (!isObjectValue(config)) return config;
  const before = isObjectValue(prior) ? prior : {};
  return Object.fromEntries(
    Object.entries(config).map(([key, element]) => [
      key,
      merge(Object.hasOwn(before, key) ? (before[key] ?? null) : null, element),
    ]),
  );
}

function couldBe(attributes: Attributes, prior: Value, config: Value): boolean {
  if (!isObjectValue(prior) || !isObjectValue(config)) return false;
  return Object.entries(attributes).every(
    ([name, attribute]) =>
      (attribute.computed && config[name] === null) ||
      equal(prior[name] ?? null, config[name] ?? null, typeOf(attribute)),
  );
}

/** What core finds wrong with a plan; empty when it is valid. */
export function planErrors(
  attributes: Attributes,
  prior: ObjectValue | null,
  config: ObjectValue,
  planned: ObjectValue,
  path = "",
): string[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    attributePlanErrors(
      attribute,
      prior?.[name] ?? null,
      config[name] ?? null,
      planned[name] ?? null,
      `${path}.${name}`,
    ),
  );
}

function attributePlanErrors(
  attribute: Attribute,
  prior: Value,
  config: Value,
  planned: Value,
  path: string,
): string[] {
  const type = typeOf(attribute);
  if (attribute.writeOnly)
    return planned === null ? [] : [`${path}: a write-only value is planned`];
  if (isBlock(attribute.type)) {
    return blockPlanErrors(attribute.type, prior, config, planned, path);
  }
  if (equal(planned, config, type)) return [];
  if (config === null) {
    return attribute.computed ? [] : [`${path}: planned though neither configured nor computed`];
  }
  if (prior !== null && equal(planned, prior, type)) return [];
  if (isNested(attribute.type))
    return nestedPlanErrors(attribute.type, prior, config, planned, path);
  return [`${path}: not the configured value`];
}

/**
 * Blocks are all there or not as the configuration says: neither their number nor their absence can
 * be planned, and unlike attributes they can't stay as they were.
 */
function blockPlanErrors(
  type: NestedType,
  prior: Value,
  config: Value,
  planned: Value,
  path: string,
): string[] {
  if (planned === null && type.nesting !== "single") {
    return [`${path}: no blocks must be planned as an empty collection, not as null`];
  }
  if (equal(planned, config, typeOf({ type }))) return [];
  if (isUnknown(config)) return [`${path}: planned for a dynamic block of unknown number`];
  if (isUnknown(planned)) return [`${path}: blocks are planned as unknown`];
  if (config === null || planned === null) return [`${path}: a block was added or left out`];
  return nestedPlanErrors(type, prior, config, planned, path);
}

/** Where the objects of a value have null in place of an empty collection of blocks. */
export function nullBlocks(attributes: Attributes, object: Value, path = ""): string[] {
  if (!isObjectValue(object)) return [];
  return Object.entries(attributes).flatMap(([name, { type }]) => {
    if (!isBlock(type)) return [];
    const value = object[name] ?? null;
    const here = `${path}.${name}`;
    if (type.nesting === "single") return nullBlocks(type.attributes, value, here);
    if (value === null) return [here];
    const elements = isObjectValue(value) || Array.isArray(value) ? Object.values(value) : [];
    return elements.flatMap((element) => nullBlocks(type.attributes, element, `${here}[]`));
  });
}

function nestedPlanErrors(
  { nesting, attributes }: NestedType,
  prior: Value,
  config: Value,
  planned: Value,
  path: string,
): string[] {
  if (planned === null || isUnknown(planned))
    return [`${path}: configured, but planned null or unknown`];
  if (isUnknown(config)) return [`${path}: unknown in configuration, but planned`];
  const element = (before: Value, after: Value, plan: Value, at: string): string[] =>
    isObjectValue(after) && isObjectValue(plan)
      ? planErrors(attributes, isObjectValue(before) ? before : null, after, plan, at)
      : after === plan
        ? []
        : [`${at}: an element is not the configured one`];
  if (nesting === "single") return element(prior, config, planned, path);
  if (Array.isArray(config) && Array.isArray(planned)) {
    if (config.length !== planned.length) return [`${path}: another number of elements`];
    const old = Array.isArray(prior) ? prior : [];
    if (nesting === "list") {
      return config.flatMap((each, index) =>
        element(old[index] ?? null, each, planned[index] ?? null, `${path}[${index}]`),
      );
    }
    // Elements with unknown parts never count as equal to another one.
    const known = planned.filter((each) => !hasUnknown(each));
    const elementType = typeOf({ type: { nesting: "single", attributes } });
    if (new Set(known.map((each) => fingerprint(each, elementType))).size !== known.length) {
      return [`${path}: planned elements of a set coincide`];
    }
    return config.every((each) =>
      planned.some((plan) => element(null, each, plan, "").length === 0),
    )
      ? []
      : [`${path}: a configured element of the set is not planned`];
  }
  if (!isObjectValue(config) || !isObjectValue(planned)) return [`${path}: another kind of value`];
  const keys = Object.keys(config);
  if (keys.length !== Object.keys(planned).length) return [`${path}: other keys`];
  return keys.flatMap((key) =>
    Object.hasOwn(planned, key)
      ? element(
          isObjectValue(prior) && Object.hasOwn(prior, key) ? (prior[key] ?? null) : null,
          config[key] ?? null,
          planned[key] ?? null,
          `${path}[${key}]`,
        )
      : [`${path}: the key ${key} is gone`],
  );
}

/** Whether a value is one that the planned one may turn into: core's test of apply results. */
export function compatible(planned: Value, actual: Value, type: CtyType): boolean {
  if (isUnknown(planned)) return true;
  if (planned === null || actual === null || isUnknown(actual)) return planned === actual;
  if (!hasUnknown(planned)) return equal(planned, actual, type);
  if (Array.isArray(planned) && Array.isArray(actual)) {
    if (type[0] === "set") {
      return planned.every((each) =>
        actual.some((other) => compatible(each, other, innerType(type, 0))),
      );
    }
    return (
      planned.length === actual.length &&
      planned.every((each, index) =>
        compatible(each, actual[index] ?? null, innerType(type, index)),
      )
    );
  }
  if (!isObjectValue(planned) || !isObjectValue(actual)) return false;
  return Object.keys({ ...planned, ...actual }).every(
    (key) =>
      Object.hasOwn(planned, key) &&
      Object.hasOwn(actual, key) &&
      compatible(planned[key] ?? null, actual[key] ?? null, innerType(type, key)),
  );
}
