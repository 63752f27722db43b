import { Decimal } from "./decimal.js";
import { type CtyType, innerType } from "./type.js";
import { isUnknown, member, type ObjectValue, TypedValue, type Value } from "./value.js";

/**
 * Compares two values of one type: sets without regard to order, numbers by value, an unknown value
 * equal to an unknown value only.
 */
export function equal(a: Value, b: Value, type: CtyType): boolean {
  if (a === b) return true;
  if (a === null || b === null || isUnknown(a) || isUnknown(b)) return false;
  if (type === "number") return a instanceof Decimal && a.equals(b);
  if (typeof type === "string" && type !== "dynamic") return false;
  if (a instanceof TypedValue || b instanceof TypedValue) {
    return fingerprint(a, type) === fingerprint(b, type);
  }
  if (type[0] === "set") return fingerprint(a, type) === fingerprint(b, type);
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((value, index) => equal(value, b[index] ?? null, innerType(type, index)))
    );
  }
  return equalMembers(a as ObjectValue, b as ObjectValue, type);
}

function equalMembers(a: ObjectValue, b: ObjectValue, type: CtyType): boolean {
  // Objects have the attributes of their type, present or not; maps have just the keys they have.
  const names = Object.keys(type[0] === "object" ? type[1] : a);
  if (type[0] === "map") {
    if (names.length !== Object.keys(b).length) return false;
    if (!names.every((name) => Object.hasOwn(b, name))) return false;
  }
  return names.every((name) => equal(member(a, name), member(b, name), innerType(type, name)));
}

/**
 * Text that two values share exactly when they are equal. Serves sets, whose elements have no place
 * to be compared by.
 */
export function fingerprint(value: Value, type: CtyType): string {
  if (value === null) return "null";
  if (isUnknown(value)) return "unknown";
  if (value instanceof TypedValue) {
    return `${JSON.stringify(value.type)}:${fingerprint(value.value, value.type)}`;
  }
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value instanceof Decimal) return String(value);
  if (Array.isArray(value)) return elementsFingerprint(value, type);
  const names = Object.keys(type[0] === "object" ? type[1] : value).sort();
  const members = names.map(
    (name) => `${JSON.stringify(name)}:${fingerprint(member(value, name), innerType(type, name))}`,
  );
  return `{${members.join(",")}}`;
}

function elementsFingerprint(elements: Value[], type: CtyType): string {
  const prints = elements.map((element, index) => fingerprint(element, innerType(type, index)));
  return type[0] === "set" ? `(${[...new Set(prints)].sort().join(",")})` : `[${prints.join(",")}]`;
}
