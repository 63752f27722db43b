import type { CleanText } from "../../src/core/foreign-text.js";

/** A shape whose texts nobody has cleaned. */
export type Raw<Shape> = Shape extends CleanText
  ? string
  : Shape extends readonly (infer Item)[]
    ? Raw<Item>[]
    : Shape extends object
      ? { [Key in keyof Shape]: Raw<Shape[Key]> }
      : Shape;

/** Takes texts as they are: what shows them has to bear whatever they hold. */
export function uncleaned<Shape>(value: Raw<Shape>): Shape {
  return value as Shape;
}
