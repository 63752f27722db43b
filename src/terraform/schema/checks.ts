import { formatPath } from "../cty/errors.js";
import {
  isNull,
  isObjectValue,
  isUnknown,
  member,
  type ObjectValue,
  type Value,
} from "../cty/value.js";
import type { Diagnostics } from "../engine/diagnostics.js";
import {
  type Attribute,
  type Check,
  isBlock,
  isNested,
  type Rule,
  type RuleFinding,
  type Schema,
} from "./schema.js";

type Attributes = Readonly<Record<string, Attribute>>;
type Path = readonly (string | number)[];

/** The functions that `rule` checks name. */
export type Rules = Readonly<Record<string, Rule>>;

/** Warns that something as a whole is deprecated: Terraform itself says nothing then. */
export function warnIfDeprecated(
  { deprecationMessage }: Pick<Schema, "deprecationMessage">,
  name: string,
  diagnostics: Diagnostics,
): void {
  if (deprecationMessage === undefined) return;
  diagnostics.warn(`${name} is deprecated`, deprecationMessage);
}

/**
 * Validates a configuration against the tables of its schema. Null and unknown values pass: the
 * first are Terraform's to judge, the others will be known, and validated again, at apply.
 */
export function validate(
  attributes: Attributes,
  config: ObjectValue,
  rules: Rules,
  diagnostics: Diagnostics,
  path: Path = [],
): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = member(config, name);
    if (isNull(value) || isUnknown(value)) continue;
    const here = [...path, name];
    if (attribute.deprecationMessage !== undefined && !isWithoutBlocks(attribute, value)) {
      diagnostics.warn(`${formatPath(here)} is deprecated`, attribute.deprecationMessage, here);
    }
    const run = (checks: readonly Check[] | undefined, checked: Value, at: Path): void => {
      if (isNull(checked) || isUnknown(checked)) return;
      for (const check of checks ?? []) report(finding(check, checked, rules), at, diagnostics);
    };
    run(attribute.checks, value, here);
    for (const [step, element] of attribute.elementChecks ? inner(value) : []) {
      run(attribute.elementChecks, element, [...here, step]);
    }
    validateNested(attribute, value, (nested, object, steps) => {
      validate(nested, object, rules, diagnostics, [...here, ...steps]);
    });
  }
}

function validateNested(
  { type }: Attribute,
  value: Value,
  visit: (attributes: Attributes, object: ObjectValue, steps: Path) => void,
): void {
  if (!isNested(type)) return;
  if (type.nesting === "single") {
    if (isObjectValue(value)) visit(type.attributes, value, []);
    return;
  }
  for (const [step, element] of inner(value)) {
    if (isObjectValue(element)) visit(type.attributes, element, [step]);
  }
}

/** Unlike an empty list that is configured, blocks of which there are none were not written. */
function isWithoutBlocks({ type }: Attribute, value: Value): boolean {
  return isBlock(type) && type.nesting !== "single" && inner(value).length === 0;
}

function inner(value: Value): [string | number, Value][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  return isObjectValue(value) ? Object.entries(value) : [];
}

function report(found: RuleFinding, path: Path, diagnostics: Diagnostics): void {
  if (found === undefined) return;
  const name = formatPath(path);
  const sentence = (text: string) => `${name} ${text}${/[.!?]$/.test(text) ? "" : "."}`;
  if (typeof found === "string") {
    diagnostics.error(`Invalid value for ${name}`, sentence(found), path);
  } else {
    diagnostics.warn(`Questionable value for ${name}`, sentence(found.warning), path);
  }
}

/**
 * What one check says about a value.
 *
 * @returns the rest of a sentence that begins with the attribute's name, or nothing
 */
export function finding(check: Check, value: unknown, rules: Rules): RuleFinding {
  switch (check.kind) {
    case "enum":
      return check.values.some((allowed) => allowed === value)
        ? undefined
        : `must be one of ${check.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
    case "pattern":
      return new RegExp(check.pattern, check.flags).test(String(value))
        ? undefined
        : (check.message ?? `must match the pattern ${check.pattern}`);
    case "length":
      return lengthFinding(check, value);
    case "range":
      return rangeFinding(check, value);
    case "integer":
      return isInteger(value) ? undefined : "must be a whole number";
    case "rule":
      return rules[check.rule]?.(value);
  }
}

function isInteger(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function lengthFinding({ min = 0, max }: Check & { kind: "length" }, value: unknown): RuleFinding {
  const unit = typeof value === "string" ? "characters" : "elements";
  const length =
    typeof value === "string" || Array.isArray(value)
      ? value.length
      : Object.keys(value as object).length;
  if (length < min) return `must have at least ${min} ${unit}, but has ${length}`;
  if (max !== undefined && length > max) {
    return `must have at most ${max} ${unit}, but has ${length}`;
  }
  return undefined;
}

function rangeFinding(check: Check & { kind: "range" }, value: unknown): RuleFinding {
  const { min, max, exclusive = false } = check;
  const number = Number(value);
  if (min !== undefined && (exclusive ? number <= min : number < min)) {
    return `must be ${exclusive ? "greater than" : "at least"} ${min}`;
  }
  if (max !== undefined && (exclusive ? number >= max : number > max)) {
    return `must be ${exclusive ? "less than" : "at most"} ${max}`;
  }
  return undefined;
}
