import { member, type ObjectValue, type Value } from "../cty/value.js";
import { type Attribute, isBlock, type NestedType } from "../schema/schema.js";
import { mapObjects } from "./nested-objects.js";

type Attributes = Readonly<Record<string, Attribute>>;

/**
 * The object with an empty collection in place of each null list, set or map of blocks, at any depth.
 * Terraform's core refuses null there; states from before the block was added have it, and so may
 * the answer of a handler.
 */
export function withEmptyBlocks(attributes: Attributes, object: ObjectValue): ObjectValue {
  const blocks = blocksOf(attributes);
  if (blocks.length === 0) return object;
  const filled = blocks.map(([name, type]) => [name, blocksIn(type, member(object, name))]);
  return { ...object, ...Object.fromEntries(filled) };
}

const blockTypes = new WeakMap<Attributes, [string, NestedType][]>();

function blocksOf(attributes: Attributes): [string, NestedType][] {
  const known = blockTypes.get(attributes);
  if (known) return known;
  const found = Object.entries(attributes).flatMap(([name, { type }]): [string, NestedType][] =>
    isBlock(type) ? [[name, type]] : [],
  );
  blockTypes.set(attributes, found);
  return found;
}

function blocksIn({ nesting, attributes }: NestedType, value: Value): Value {
  if (value === null) return nesting === "single" ? null : nesting === "map" ? {} : [];
  return mapObjects(nesting, value, (block) => withEmptyBlocks(attributes, block));
}
