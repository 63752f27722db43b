import type { CtyType } from "../cty/type.js";

/** A JSON value, as schemas hold it for defaults. */
export type JsonValue =
  | null
  | string
  | number
  | boolean
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

declare const valuesOf: unique symbol;

/**
 * The schema of a resource, a data source or a provider: plain JSON data, so that it can be written
 * by hand or generated at build time. `Values` exists for the type checker only.
 */
export interface Schema<Values = unknown> {
  /** The version of the state's shape; raise it together with an entry in `upgrades`. */
  readonly version: number;
  /** Markdown. */
  readonly description?: string;
  readonly deprecationMessage?: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly [valuesOf]?: Values;
}

/** Attributes inside an attribute, which are written `name = { … }`, or inside blocks. */
export interface NestedType {
  readonly nesting: "single" | "list" | "set" | "map";
  /**
   * Written as blocks: `name { … }`, and those of a map with their key as a label. They stand in the
   * schema itself or in other blocks. Absent ones are an empty list, set or map and never null;
   * `length` checks bound their number. An absent single one is null.
   */
  readonly block?: true;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/**
 * One argument or attribute; exactly one of required, optional, computed, optional + computed. Single
 * blocks are required or optional, other blocks none of these.
 */
export interface Attribute {
  readonly type: CtyType | NestedType;
  /** Markdown. */
  readonly description?: string;
  readonly deprecationMessage?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  /** Hides the value in Terraform's output; it is stored in state all the same. */
  readonly sensitive?: boolean;
  /** The value is in no state and no plan: handlers see it in `config` only. */
  readonly writeOnly?: boolean;
  /**
   * The planned value where the configuration has none, on update too, so that removing the argument
   * reverts it. Needs optional + computed, as Terraform takes a plan that fills in a value for
   * computed attributes only.
   */
  readonly default?: JsonValue;
  /** A changed value replaces the resource. */
  readonly requiresReplace?: boolean;
  /** A computed attribute keeps its prior value in an update; without it any change makes it unknown. */
  readonly useStateForUnknown?: boolean;
  /** Rules for the value. */
  readonly checks?: readonly Check[];
  /** Rules for each element of a list, set or map of primitive values. */
  readonly elementChecks?: readonly Check[];
}

/** One validation rule. Null and unknown values pass every one of them. */
export type Check =
  | { readonly kind: "enum"; readonly values: readonly (string | number | boolean)[] }
  | {
      readonly kind: "pattern";
      /** The source of a JavaScript regular expression. */
      readonly pattern: string;
      readonly flags?: string;
      /** What the value must be, in words: "must be …". @default names the pattern */
      readonly message?: string;
    }
  /** Characters (UTF-16 units, as zod counts) of a string, or elements of a list, set or map. */
  | { readonly kind: "length"; readonly min?: number; readonly max?: number }
  | {
      readonly kind: "range";
      readonly min?: number;
      readonly max?: number;
      readonly exclusive?: boolean;
    }
  | { readonly kind: "integer" }
  /** A named function of `defineProvider({ rules })`. */
  | { readonly kind: "rule"; readonly rule: string };

/**
 * What a named rule answers: nothing when the value is fine, a sentence (an error) when it is not,
 * or a warning.
 */
export type RuleFinding = undefined | string | { readonly warning: string };

/**
 * A named validation rule. It sees known, non-null values only, must not throw, and must not load
 * anything heavy: validation runs at every start of the provider.
 */
export type Rule = (value: unknown) => RuleFinding;

/** Tells nested attributes from a plain type. */
export function isNested(type: Attribute["type"]): type is NestedType {
  return typeof type === "object" && !Array.isArray(type);
}

/** Tells blocks from attributes, nested or not. */
export function isBlock(type: Attribute["type"]): type is NestedType & { readonly block: true } {
  return isNested(type) && type.block === true;
}
