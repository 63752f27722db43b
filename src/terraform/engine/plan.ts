import { coerce } from "../cty/coerce.js";
import { equal } from "../cty/equal.js";
import {
  isNull,
  isObjectValue,
  isUnknown,
  member,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from "../cty/value.js";
import { objectTypeOf, typeOf } from "../schema/object-type.js";
import { type Attribute, isNested, type NestedType } from "../schema/schema.js";

type Attributes = Readonly<Record<string, Attribute>>;

/** What a plan is made of. `prior` is null on create. */
export interface PlanInput {
  readonly prior: ObjectValue | null;
  /** Terraform's own merge: the configuration, and prior values where computed ones aren't set. */
  readonly proposed: ObjectValue;
  readonly config: ObjectValue;
}

export interface EnginePlan {
  readonly planned: ObjectValue;
  readonly hasChanges: boolean;
}

/**
 * The plan rules, once for all resources.
 *
 * Write-only values are null; defaults stand where nothing is configured; configured values stand as
 * they are. If anything then differs from the prior state, computed attributes become unknown, but
 * for those that keep their value (`useStateForUnknown`). If nothing differs, everything keeps its
 * value: else each plan would show a change.
 */
export function planChange(attributes: Attributes, input: PlanInput): EnginePlan {
  const settled = planObject(attributes, input, "keep");
  const hasChanges = input.prior === null || !equal(input.prior, settled, objectTypeOf(attributes));
  if (!hasChanges) return { planned: settled, hasChanges };
  return { planned: planObject(attributes, input, "unknown"), hasChanges };
}

/** What becomes of computed attributes that are neither configured nor have a default. */
type ComputedMode = "keep" | "unknown";

function planObject(attributes: Attributes, input: PlanInput, mode: ComputedMode): ObjectValue {
  const { prior, proposed, config } = input;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      planAttribute(
        attribute,
        {
          prior: prior && member(prior, name),
          proposed: member(proposed, name),
          config: member(config, name),
          exists: prior !== null,
        },
        mode,
      ),
    ]),
  );
}

interface AttributeInput {
  readonly prior: Value;
  readonly proposed: Value;
  readonly config: Value;
  /** Whether the object that the attribute belongs to exists already. */
  readonly exists: boolean;
}

function planAttribute(attribute: Attribute, input: AttributeInput, mode: ComputedMode): Value {
  const { prior, proposed, config, exists } = input;
  if (attribute.writeOnly) return null;
  if (isUnknown(config)) return UNKNOWN;
  if (isNull(config)) {
    if (!attribute.computed) return config;
    if (attribute.default !== undefined) return coerce(attribute.default, typeOf(attribute));
    if (mode === "keep") return exists ? prior : UNKNOWN;
    return exists && attribute.useStateForUnknown ? prior : UNKNOWN;
  }
  if (!isNested(attribute.type)) return config;
  return planNested(attribute.type, { prior, proposed, config }, mode);
}

function planNested(
  { nesting, attributes }: NestedType,
  { prior, proposed, config }: Pick<AttributeInput, "prior" | "proposed" | "config">,
  mode: ComputedMode,
): Value {
  const plan = (priorValue: Value, proposedValue: Value, configValue: Value): Value =>
    isObjectValue(configValue)
      ? planObject(
          attributes,
          {
            prior: objectOrNull(priorValue),
            proposed: objectOrNull(proposedValue) ?? configValue,
            config: configValue,
          },
          mode,
        )
      : configValue;

  if (nesting === "single") return plan(prior, proposed, config);
  if (nesting === "map" && isObjectValue(config)) {
    return Object.fromEntries(
      Object.entries(config).map(([key, element]) => [
        key,
        plan(elementOf(prior, key), elementOf(proposed, key), element),
      ]),
    );
  }
  if (!Array.isArray(config)) return config;
  if (nesting === "list") {
    return config.map((element, index) =>
      plan(elementOf(prior, index), elementOf(proposed, index), element),
    );
  }
  const counterparts = counterpartsOf(config, prior, attributes);
  return config.map((element) => {
    const counterpart = counterparts.get(element) ?? null;
    return plan(counterpart, counterpart, element);
  });
}

/**
 * The prior elements of a set that the configured ones continue. Elements of sets have no identity
 * but their value, so it is one that agrees on everything that is configured. The most specific
 * element chooses first, and none is chosen twice: else two planned elements could become one.
 */
function counterpartsOf(config: Value[], prior: Value, attributes: Attributes): Map<Value, Value> {
  const free = new Set(Array.isArray(prior) ? prior.filter(isObjectValue) : []);
  const specificity = (element: ObjectValue) =>
    Object.values(element).filter((value) => !isNull(value)).length;
  const bySpecificity = config
    .filter(isObjectValue)
    .sort((a, b) => specificity(b) - specificity(a));
  const chosen = new Map<Value, Value>();
  for (const element of bySpecificity) {
    const match = [...free].find((candidate) => continues(candidate, element, attributes));
    if (match === undefined) continue;
    free.delete(match);
    chosen.set(element, match);
  }
  return chosen;
}

function continues(prior: ObjectValue, config: ObjectValue, attributes: Attributes): boolean {
  return Object.entries(attributes).every(([name, attribute]) => {
    const configured = member(config, name);
    const before = member(prior, name);
    if (!isNull(configured) || !attribute.computed) {
      return continuesValue(before, configured, attribute);
    }
    if (attribute.default === undefined) return true;
    return equal(before, coerce(attribute.default, typeOf(attribute)), typeOf(attribute));
  });
}

function continuesValue(prior: Value, config: Value, attribute: Attribute): boolean {
  const { type } = attribute;
  if (!isNested(type)) return equal(prior, config, typeOf(attribute));
  const matches = (before: Value, after: Value): boolean =>
    isObjectValue(before) && isObjectValue(after)
      ? continues(before, after, type.attributes)
      : before === after;
  if (type.nesting === "single") return matches(prior, config);
  if (Array.isArray(prior) && Array.isArray(config)) {
    if (prior.length !== config.length) return false;
    return type.nesting === "list"
      ? config.every((element, index) => matches(prior[index] ?? null, element))
      : config.every((element) => prior.some((before) => matches(before, element)));
  }
  if (!isObjectValue(prior) || !isObjectValue(config)) return prior === config;
  return (
    Object.keys(prior).length === Object.keys(config).length &&
    Object.entries(config).every(
      ([key, element]) => Object.hasOwn(prior, key) && matches(elementOf(prior, key), element),
    )
  );
}

function elementOf(collection: Value, step: string | number): Value {
  if (typeof step === "number")
    return Array.isArray(collection) ? (collection[step] ?? null) : null;
  return isObjectValue(collection) ? member(collection, step) : null;
}

function objectOrNull(value: Value): ObjectValue | null {
  return isObjectValue(value) ? value : null;
}
