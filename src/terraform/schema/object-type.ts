import type { CtyType } from "../cty/type.js";
import { type Attribute, isNested } from "./schema.js";

type Attributes = Readonly<Record<string, Attribute>>;

const objectTypes = new WeakMap<Attributes, CtyType>();

/** The type of an object with these attributes. */
export function objectTypeOf(attributes: Attributes): CtyType {
  const known = objectTypes.get(attributes);
  if (known) return known;
  const type: CtyType = [
    "object",
    Object.fromEntries(
      Object.entries(attributes).map(([name, attribute]) => [name, typeOf(attribute)]),
    ),
  ];
  objectTypes.set(attributes, type);
  return type;
}

/** The type of an attribute's value. */
export function typeOf({ type }: Attribute): CtyType {
  if (!isNested(type)) return type;
  const object = objectTypeOf(type.attributes);
  return type.nesting === "single" ? object : [type.nesting, object];
}
