import { CtyError } from "./errors.js";
import { parseNumber } from "./number.js";
import type { CtyType } from "./type.js";
import { isObjectValue } from "./value.js";

/**
 * Fits what a state file holds to a type, as Terraform's own providers do: a schema may have changed with no new version.
 *
 * Attributes that the type does not have are left out; a number, a bool or text becomes what the type says where it can be
 * read as that. What does not fit stays as it is, for `coerce` to refuse.
 */
export function fromState(value: unknown, type: CtyType): unknown {
  if (typeof type === "string") return primitiveFromState(value, type);
  switch (type[0]) {
    case "list":
    case "set":
      return Array.isArray(value) ? value.map((each) => fromState(each, type[1])) : value;
    case "tuple":
      return Array.isArray(value)
        ? value.map((each, index) => fromState(each, type[1][index] ?? "dynamic"))
        : value;
    case "map":
      return members(value, Object.keys(Object(value)), () => type[1]);
    case "object":
      return members(value, Object.keys(type[1]), (name) => type[1][name] ?? "dynamic");
  }
}

function members(value: unknown, names: string[], typeOf: (name: string) => CtyType): unknown {
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(value, name))
      .map((name) => [name, fromState(value[name], typeOf(name))]),
  );
}

const bools: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };

function primitiveFromState(value: unknown, type: "string" | "bool" | "number" | "dynamic") {
  if (value === null || value === undefined || isObjectValue(value) || Array.isArray(value)) {
    return value;
  }
  const text = String(value);
  if (type === "string") return text;
  if (type === "bool") return Object.hasOwn(bools, text) ? bools[text] : value;
  return type === "number" && typeof value === "string" ? numberOr(text, value) : value;
}

function numberOr(text: string, otherwise: unknown): unknown {
  try {
    return parseNumber(text);
  } catch (error) {
    if (error instanceof CtyError) return otherwise;
    throw error;
  }
}
