import type { AttributeValues } from "./attribute-values.js";
import { define } from "./references.js";
import type { AttributeRow } from "./schema-table.js";

/** Where an element keeps its values; a symbol, because subclasses may have any name. */
export const attributeValues: unique symbol = Symbol.for("konnect-audit/attribute-values");

/** An element of a class that is made from a schema. */
export interface HasValues {
  readonly [attributeValues]: AttributeValues;
}

/** What a getter of an element returns. */
type Getter = (this: never) => unknown;

/**
 * Defines what cdktf generates for each argument: a getter, a setter, `…Input`, and `reset…` where it is optional.
 *
 * @param read makes the getter: of a resource it answers a reference, of a provider, which has none, the value
 */
export function defineArguments(
  prototype: object,
  rows: readonly AttributeRow[],
  read: (row: AttributeRow) => Getter,
): void {
  for (const row of rows) {
    define(prototype, row.property, { get: read(row), set: assignment(row) });
    define(prototype, `${row.property}Input`, { get: givenValue(row) });
    if (row.required) continue;
    const reset = assignment(row);
    define(prototype, `reset${row.property.charAt(0).toUpperCase()}${row.property.slice(1)}`, {
      value(this: HasValues) {
        reset.call(this, undefined);
      },
    });
  }
}

/** A getter that answers what was given. */
export function givenValue(row: AttributeRow) {
  return function (this: HasValues): unknown {
    return this[attributeValues].get(row);
  };
}

function assignment(row: AttributeRow) {
  return function (this: HasValues, value: unknown): void {
    this[attributeValues].set(row, value);
  };
}
