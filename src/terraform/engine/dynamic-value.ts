import { coerce } from "../cty/coerce.js";
import { CtyError } from "../cty/errors.js";
import { parseJson } from "../cty/json.js";
import { decodeMsgpack, encodeMsgpack } from "../cty/msgpack.js";
import { isObjectValue, type ObjectValue } from "../cty/value.js";
import { objectTypeOf } from "../schema/object-type.js";
import type { Schema } from "../schema/schema.js";
import type { Decoded, Encodable } from "../wire/message.js";
import type { DynamicValue } from "../wire/tfplugin6.js";
import { withEmptyBlocks } from "./empty-blocks.js";

/**
 * Reads the value of a block from the wire.
 *
 * @returns null for a null value, and for an absent one
 */
export function decodeBlock(
  value: Decoded<typeof DynamicValue> | undefined,
  schema: Schema,
): ObjectValue | null {
  if (!value) return null;
  const type = objectTypeOf(schema.attributes);
  const decoded =
    value.msgpack.length > 0
      ? decodeMsgpack(value.msgpack, type)
      : value.json.length > 0
        ? coerce(parseJson(Buffer.from(value.json).toString("utf8")), type)
        : null;
  if (decoded === null) return null;
  if (isObjectValue(decoded)) return withEmptyBlocks(schema.attributes, decoded);
  throw new CtyError("found an unknown value in place of a block");
}

/** Reads the value of a block that must be there. */
export function decodePresentBlock(
  value: Decoded<typeof DynamicValue> | undefined,
  schema: Schema,
): ObjectValue {
  const block = decodeBlock(value, schema);
  if (block === null) throw new CtyError("found null in place of a block");
  return block;
}

/** Writes the value of a block. */
export function encodeBlock(
  value: ObjectValue | null,
  schema: Schema,
): Encodable<typeof DynamicValue> {
  return { msgpack: encodeMsgpack(value, objectTypeOf(schema.attributes)) };
}

/** Takes the answer of a handler: any object of the schema's shape, in canonical form. */
export function blockFrom(answer: unknown, schema: Schema): ObjectValue {
  const block = coerce(answer, objectTypeOf(schema.attributes));
  if (isObjectValue(block)) return withEmptyBlocks(schema.attributes, block);
  throw new CtyError("needs an object, got nothing");
}
