import { Decimal } from "./decimal.js";
import { CtyError } from "./errors.js";
import { canonicalNumber } from "./number.js";
import { parseType } from "./parse-type.js";
import type { CtyType } from "./type.js";
import { isObjectValue, isUnknown, TypedValue, type Value } from "./value.js";

type Path = readonly (string | number)[];

/**
 * Turns what a handler or a state file gives into a value of the type, in its one canonical form:
 * `undefined` and absent attributes are null, strings are NFC as Terraform keeps them, numbers are
 * canonical. Nothing is converted from one type to another.
 *
 * @throws CtyError that names the path and both types, never the value
 */
export function coerce(value: unknown, type: CtyType, path: Path = []): Value {
  if (value === undefined || value === null) return null;
  if (isUnknown(value)) return value;
  if (typeof type === "string") return coercePrimitive(value, type, path);
  switch (type[0]) {
    case "list":
    case "set": {
      const elementType = type[1];
      return elements(value, type, path).map((element, index) =>
        coerce(element, elementType, [...path, index]),
      );
    }
    case "tuple":
      return coerceTuple(value, type[1], path);
    case "map": {
      const elementType = type[1];
      return Object.fromEntries(
        Object.entries(members(value, "map", path)).map(([name, element]) => [
          name.normalize("NFC"),
          coerce(element, elementType, [...path, name]),
        ]),
      );
    }
    case "object":
      return coerceObject(value, type[1], path);
  }
}

function coercePrimitive(value: unknown, type: CtyType, path: Path): Value {
  if (type === "string" && typeof value === "string") return value.normalize("NFC");
  if (type === "bool" && typeof value === "boolean") return value;
  if (type === "dynamic") return coerceDynamic(value, path);
  if (
    type === "number" &&
    (typeof value === "number" || typeof value === "bigint" || value instanceof Decimal)
  ) {
    try {
      return canonicalNumber(value);
    } catch {
      throw mismatch(value, type, path);
    }
  }
  throw mismatch(value, type, path);
}

function coerceDynamic(value: unknown, path: Path): Value {
  if (value instanceof TypedValue) {
    const type = parseType(value.type);
    return new TypedValue(type, coerce(value.value, type, path));
  }
  // The form in which state files hold it.
  if (isObjectValue(value) && "type" in value && "value" in value) {
    const type = parseType(value.type);
    return new TypedValue(type, coerce(value.value, type, path));
  }
  throw new CtyError("needs a TypedValue, as the attribute is dynamic", path);
}

function coerceTuple(value: unknown, types: readonly CtyType[], path: Path): Value {
  const found = elements(value, ["tuple", types], path);
  if (found.length !== types.length) {
    throw new CtyError(`needs ${types.length} elements, got ${found.length}`, path);
  }
  return found.map((element, index) =>
    coerce(element, types[index] ?? "dynamic", [...path, index]),
  );
}

function coerceObject(value: unknown, types: Readonly<Record<string, CtyType>>, path: Path): Value {
  const given = members(value, "object", path);
  const unexpected = Object.keys(given).find((name) => !Object.hasOwn(types, name));
  if (unexpected !== undefined) {
    throw new CtyError("the schema has no such attribute", [...path, unexpected]);
  }
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      coerce(Object.hasOwn(given, name) ? given[name] : null, type, [...path, name]),
    ]),
  );
}

function elements(value: unknown, type: CtyType, path: Path): unknown[] {
  if (Array.isArray(value)) return value;
  throw mismatch(value, type, path);
}

function members(value: unknown, kind: string, path: Path): Record<string, unknown> {
  if (isObjectValue(value)) return value;
  throw mismatch(value, kind, path);
}

function mismatch(value: unknown, type: CtyType | string, path: Path): CtyError {
  const wanted = typeof type === "string" ? type : type[0];
  const found = Array.isArray(value) ? "list" : typeof value;
  return new CtyError(`needs a ${wanted}, got a ${found}`, path);
}
