import { ComplexList, ComplexObject, type TerraformResource } from "../cdktf.js";
import type { AttributeRow } from "./schema-table.js";

/** What can be asked for references to its attributes: resources, data sources and the objects in their lists. */
type Referable = Pick<
  TerraformResource,
  "getStringAttribute" | "getNumberAttribute" | "getBooleanAttribute" | "interpolationForAttribute"
> & { readonly fqn: string };

/** Defines a getter for each attribute. */
export function defineReferences(prototype: object, rows: readonly AttributeRow[]): void {
  for (const row of rows) define(prototype, row.property, { get: reference(row) });
}

/** Defines a property that looks like one of a class. */
export function define(prototype: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(prototype, name, { configurable: true, ...descriptor });
}

/** A getter that answers a token for an attribute. */
export function reference({ name, storage, items }: AttributeRow) {
  const List = storage === "list" ? objectListClass(items) : undefined;
  return function (this: Referable): unknown {
    if (List) return new List(this, name, false);
    if (storage === "number") return this.getNumberAttribute(name);
    if (storage === "boolean") return this.getBooleanAttribute(name);
    return this.getStringAttribute(name);
  };
}

/** The classes that cdktf generates for a list of objects that the provider answers. */
function objectListClass(rows: readonly AttributeRow[]) {
  class Item extends ComplexObject {}
  defineReferences(Item.prototype, rows);
  return class ObjectList extends ComplexList {
    get(index: number): ComplexObject {
      return new Item(this.terraformResource, this.terraformAttribute, this.wrapsSet, index);
    }
  };
}
