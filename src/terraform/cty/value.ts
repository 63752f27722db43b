import type { Decimal } from "./decimal.js";
import type { CtyType } from "./type.js";

/** A value that Terraform will only know after apply. There is one instance: {@link UNKNOWN}. */
export class Unknown {
  // A private member makes the class nominal: no plain object is taken for an unknown value.
  readonly #unknown = true;

  /** Tells an unknown value from everything else. */
  static is(value: unknown): value is Unknown {
    return typeof value === "object" && value !== null && #unknown in value;
  }

  toString(): string {
    return "(known after apply)";
  }
}

/** The unknown value. Refinements that Terraform attaches to unknown values are not kept. */
export const UNKNOWN = new Unknown();

/** True if a value itself is unknown; see {@link hasUnknown} for values inside it. */
export const isUnknown = Unknown.is;

/** A value of an attribute of type `"dynamic"`, together with its actual type. */
export class TypedValue {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

/** Tells null, also that of a `dynamic` attribute, which Terraform sends with a type. */
export function isNull(value: Value): boolean {
  return value instanceof TypedValue ? isNull(value.value) : value === null;
}

/** A number: `bigint` beyond 2^53, {@link Decimal} where neither of the others is exact. */
export type NumberValue = number | bigint | Decimal;

/**
 * A Terraform value. Lists, tuples and sets are arrays, maps and objects are plain objects;
 * `null` is null, and never `undefined`.
 */
export type Value =
  | null
  | string
  | boolean
  | NumberValue
  | Unknown
  | TypedValue
  | Value[]
  | { [name: string]: Value };

/** The value of a whole resource, data source or provider block. */
export type ObjectValue = { [name: string]: Value };

/** The same values where any of them, at any depth, may still be unknown. */
export type WithUnknowns<T> = {
  [Name in keyof T]: MaybeUnknown<T[Name]>;
};

type MaybeUnknown<T> =
  | Unknown
  | (T extends readonly (infer Element)[]
      ? MaybeUnknown<Element>[]
      : T extends object
        ? { [Name in keyof T]: MaybeUnknown<T[Name]> }
        : T);

/** Tells a map or object value from lists, numbers and the special values. */
export function isObjectValue(value: unknown): value is ObjectValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** True if a value is unknown or contains an unknown value. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (value instanceof TypedValue) return hasUnknown(value.value);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObjectValue(value) && Object.values(value).some(hasUnknown);
}

/** Reads an own property; `null` when there is none, whatever the prototype has. */
export function member(value: ObjectValue, name: string): Value {
  return Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}
