import { type Attribute, isNested } from "./schema.js";

/**
 * How many blocks there may be, as protocol 6 states it: 0 for no limit, and for single blocks both
 * are 1 when the block is required, else 0.
 */
export function blockBounds({ type, required, checks = [] }: Attribute): {
  min: number;
  max: number;
} {
  if (isNested(type) && type.nesting === "single") {
    return required ? { min: 1, max: 1 } : { min: 0, max: 0 };
  }
  const lengths = checks.filter((check) => check.kind === "length");
  const maxima = lengths.flatMap(({ max }) => max ?? []);
  return {
    min: Math.max(0, ...lengths.map(({ min = 0 }) => min)),
    max: maxima.length > 0 ? Math.min(...maxima) : 0,
  };
}
