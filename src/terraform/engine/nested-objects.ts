import { isObjectValue, type ObjectValue, type Value } from "../cty/value.js";
import type { NestedType } from "../schema/schema.js";

/** The value of a nested type with each of its objects changed; null and unknown ones stay. */
export function mapObjects(
  nesting: NestedType["nesting"],
  value: Value,
  change: (object: ObjectValue) => ObjectValue,
): Value {
  const each = (element: Value) => (isObjectValue(element) ? change(element) : element);
  if (nesting === "single") return each(value);
  if (Array.isArray(value)) return value.map(each);
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, each(element)]));
}
