import type * as z from "zod";
import type { Check } from "./schema.js";

type Fail = (message: string) => never;

/**
 * Turns the checks of a zod type and of its wrappers into tables.
 *
 * @param layers the type with its wrappers
 * @param rules named rules that stand for the type's refinements
 * @throws through `fail` for a check that no table expresses
 */
export function zodChecks(
  layers: readonly z.ZodType[],
  rules: readonly string[],
  fail: Fail,
): Check[] {
  const checks = layers.flatMap((layer) => [
    ...ofType(layer, fail),
    ...(layer._zod.def.checks ?? []).flatMap((check) => ofCheck(check, rules, fail)),
  ]);
  return [...checks, ...rules.map((rule): Check => ({ kind: "rule", rule }))];
}

/** What the type itself demands: enums, literals, and formats such as `z.int()`. */
function ofType(type: z.ZodType, fail: Fail): Check[] {
  const def = type._zod.def as z.core.$ZodTypes["_zod"]["def"] & Partial<FormatDef>;
  if (def.type === "enum" || def.type === "literal") {
    return [
      { kind: "enum", values: [...(type._zod.values ?? [])] as (string | number | boolean)[] },
    ];
  }
  return def.check === undefined ? [] : ofDefinition(def as FormatDef, fail);
}

interface FormatDef {
  check: string;
  format?: string;
  pattern?: RegExp;
  error?: (issue: object) => unknown;
}

function ofCheck(check: z.core.$ZodCheck<never>, rules: readonly string[], fail: Fail): Check[] {
  const { def } = check._zod;
  if (def.check === "custom") {
    return rules.length > 0
      ? []
      : fail("a refinement is no data: name it in the metadata's `rules` too, or leave it out");
  }
  return ofDefinition(def as unknown as FormatDef, fail);
}

function ofDefinition(def: FormatDef, fail: Fail): Check[] {
  const bounds = def as unknown as {
    minimum: number;
    maximum: number;
    length: number;
    value: number;
    inclusive: boolean;
  };
  switch (def.check) {
    case "min_length":
    case "min_size":
      return [{ kind: "length", min: bounds.minimum }];
    case "max_length":
    case "max_size":
      return [{ kind: "length", max: bounds.maximum }];
    case "length_equals":
      return [{ kind: "length", min: bounds.length, max: bounds.length }];
    case "greater_than":
      return [range({ min: Number(bounds.value) }, bounds.inclusive)];
    case "less_than":
      return [range({ max: Number(bounds.value) }, bounds.inclusive)];
    case "number_format":
      return numberFormat(def, fail);
    case "string_format":
      return [pattern(def, fail)];
    default:
      return fail(`zod's check "${def.check}" has no table`);
  }
}

function range(bound: { min: number } | { max: number }, inclusive: boolean): Check {
  return { kind: "range", ...bound, ...(!inclusive && { exclusive: true }) };
}

/** zod's integers are those that a JavaScript number holds exactly. */
function numberFormat({ format }: FormatDef, fail: Fail): Check[] {
  if (format === "safeint") {
    const max = Number.MAX_SAFE_INTEGER;
    return [{ kind: "integer" }, { kind: "range", min: -max, max }];
  }
  if (format === "int32") {
    return [{ kind: "integer" }, { kind: "range", min: -(2 ** 31), max: 2 ** 31 - 1 }];
  }
  if (format === "uint32") {
    return [{ kind: "integer" }, { kind: "range", min: 0, max: 2 ** 32 - 1 }];
  }
  return fail(`zod's number format "${format}" has no table`);
}

// Formats that zod checks by more than their pattern, or by none.
const computedFormats = new Set([
  "url",
  "ipv6",
  "cidrv6",
  "base64",
  "base64url",
  "jwt",
  "json_string",
]);

function pattern({ format = "", pattern: expression, error }: FormatDef, fail: Fail): Check {
  if (!expression || computedFormats.has(format)) {
    return fail(`zod's format "${format}" is more than a pattern: use a string with a named rule`);
  }
  const message = error?.({ code: "invalid_format", format });
  return {
    kind: "pattern",
    pattern: expression.source,
    ...(expression.flags && { flags: expression.flags.replace(/[gy]/g, "") }),
    ...(typeof message === "string"
      ? { message }
      : format !== "regex" && { message: `must be a valid ${format}` }),
  };
}
