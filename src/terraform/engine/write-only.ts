import { isNull, member, type ObjectValue, type Value } from "../cty/value.js";
import { type Attribute, isNested } from "../schema/schema.js";
import { mapObjects } from "./nested-objects.js";

type Attributes = Readonly<Record<string, Attribute>>;

/** The object with null in place of its write-only values: they belong in no plan and no state. */
export function withoutWriteOnly(attributes: Attributes, object: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const value = member(object, name);
      return [name, attribute.writeOnly ? null : inside(attribute, value)];
    }),
  );
}

/** The names of write-only attributes that have a value, nested ones by the attribute around them. */
export function configuredWriteOnly(attributes: Attributes, config: ObjectValue): string[] {
  return Object.entries(attributes)
    .filter(([name, attribute]) => hasWriteOnly(attribute, member(config, name)))
    .map(([name]) => name);
}

function inside({ type }: Attribute, value: Value): Value {
  if (!isNested(type)) return value;
  return mapObjects(type.nesting, value, (object) => withoutWriteOnly(type.attributes, object));
}

function hasWriteOnly({ writeOnly, type }: Attribute, value: Value): boolean {
  if (isNull(value)) return false;
  if (writeOnly) return true;
  if (!isNested(type)) return false;
  let found = false;
  mapObjects(type.nesting, value, (object) => {
    found ||= configuredWriteOnly(type.attributes, object).length > 0;
    return object;
  });
  return found;
}
