import { Decimal } from "./decimal.js";
import { CtyError } from "./errors.js";
import { type Item, MsgpackReader } from "./msgpack-reader.js";
import { MsgpackWriter } from "./msgpack-writer.js";
import { canonicalNumber, fromInteger, parseNumber } from "./number.js";
import { parseType } from "./parse-type.js";
import { type CtyType, innerType } from "./type.js";
import {
  isUnknown,
  member,
  type NumberValue,
  type ObjectValue,
  TypedValue,
  UNKNOWN,
  type Value,
} from "./value.js";

/** Where the decoding is: one for the whole value, as most values are small and right. */
type Path = (string | number)[];

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const maxDepth = 500;

/**
 * Decodes a value in Terraform's msgpack form. The type leads, since msgpack alone can't tell a set
 * from a list or a number from its decimal text.
 *
 * @throws CtyError when the bytes are no value of the type
 */
export function decodeMsgpack(bytes: Uint8Array, type: CtyType): Value {
  const reader = new MsgpackReader(bytes);
  const value = decode(reader, type, []);
  if (!reader.done) throw new CtyError("bytes are left over after the value");
  return value;
}

/** Encodes a canonical value of the type (see `coerce`). */
export function encodeMsgpack(value: Value, type: CtyType): Buffer {
  const writer = new MsgpackWriter();
  encode(writer, value, type);
  return writer.finish();
}

function decode(reader: MsgpackReader, type: CtyType, path: Path): Value {
  if (path.length > maxDepth) throw new CtyError("the value is nested too deeply");
  const item = reader.next();
  if (item.kind === "nil") return null;
  if (item.kind === "extension") return UNKNOWN;
  if (typeof type === "string") return decodePrimitive(reader, item, type, path);
  switch (type[0]) {
    case "list":
    case "set":
      return sequence(arrayLength(item, path), (index) => decodeAt(reader, type[1], path, index));
    case "tuple": {
      const types = type[1];
      const length = arrayLength(item, path);
      if (length !== types.length) throw new CtyError("a tuple of another length", path);
      return sequence(length, (index) => decodeAt(reader, types[index] ?? "dynamic", path, index));
    }
    case "map":
      return decodeMap(reader, mapLength(item, path), type[1], path);
    case "object":
      return decodeObject(reader, mapLength(item, path), type[1], path);
  }
}

function decodeAt(reader: MsgpackReader, type: CtyType, path: Path, step: string | number): Value {
  path.push(step);
  const value = decode(reader, type, path);
  path.pop();
  return value;
}

function decodePrimitive(reader: MsgpackReader, item: Item, type: CtyType, path: Path): Value {
  if (type === "string" && item.kind === "string") return item.value;
  if (type === "bool" && item.kind === "bool") return item.value;
  if (type === "number") {
    if (item.kind === "integer") return fromInteger(BigInt(item.value));
    if (item.kind === "float") return canonicalNumber(item.value);
    if (item.kind === "string") return parseNumber(item.value);
  }
  if (type === "dynamic" && item.kind === "array" && item.length === 2) {
    const head = reader.next();
    if (head.kind !== "binary" && head.kind !== "string") throw wrong(head, "a type", path);
    const actual = parseType(parseTypeJson(head.value.toString()));
    return new TypedValue(actual, decodeAt(reader, actual, path, 0));
  }
  throw wrong(item, String(type), path);
}

function parseTypeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CtyError("not a Terraform type");
  }
}

function decodeMap(reader: MsgpackReader, length: number, type: CtyType, path: Path): ObjectValue {
  const members = sequence(length, (): [string, Value] => {
    const name = decodeName(reader, path);
    return [name, decodeAt(reader, type, path, name)];
  });
  return Object.fromEntries(members);
}

type ObjectTypes = Readonly<Record<string, CtyType>>;

const nullObjects = new WeakMap<ObjectTypes, ObjectValue>();

/** An object of null attributes, to be copied: the decoding of a plan of many resources is little but objects. */
function nullObject(types: ObjectTypes): ObjectValue {
  const known = nullObjects.get(types);
  if (known) return known;
  const made = Object.fromEntries(Object.keys(types).map((name) => [name, null]));
  nullObjects.set(types, made);
  return made;
}

function decodeObject(
  reader: MsgpackReader,
  length: number,
  types: ObjectTypes,
  path: Path,
): ObjectValue {
  const object = { ...nullObject(types) };
  for (let left = length; left > 0; left--) {
    const name = decodeName(reader, path);
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) throw new CtyError("no such attribute", [...path, name]);
    object[name] = decodeAt(reader, type, path, name);
  }
  return object;
}

function decodeName(reader: MsgpackReader, path: Path): string {
  const key = reader.next();
  if (key.kind !== "string") throw wrong(key, "a name", path);
  return key.value;
}

/** Unlike Array.from, trusts no length before its elements were there. */
function sequence<T>(length: number, next: (index: number) => T): T[] {
  const values: T[] = [];
  for (let index = 0; index < length; index++) values.push(next(index));
  return values;
}

function mapLength(item: Item, path: Path): number {
  if (item.kind !== "map") throw wrong(item, "a map", path);
  return item.length;
}

function arrayLength(item: Item, path: Path): number {
  if (item.kind !== "array") throw wrong(item, "an array", path);
  return item.length;
}

function wrong(item: Item, wanted: string, path: Path): CtyError {
  return new CtyError(`found ${item.kind} in place of ${wanted}`, path);
}

function encode(writer: MsgpackWriter, value: Value, type: CtyType): void {
  if (value === null) writer.nil();
  else if (isUnknown(value)) writer.unknown();
  else if (value instanceof TypedValue) encodeTyped(writer, value);
  else if (typeof value === "string") writer.string(value);
  else if (typeof value === "boolean") writer.bool(value);
  else if (typeof value !== "object" || value instanceof Decimal) encodeNumber(writer, value);
  else if (Array.isArray(value)) encodeSequence(writer, value, type);
  else encodeMembers(writer, value, type);
}

function encodeTyped(writer: MsgpackWriter, { type, value }: TypedValue): void {
  writer.array(2);
  writer.binary(Buffer.from(JSON.stringify(type)));
  encode(writer, value, type);
}

function encodeSequence(writer: MsgpackWriter, values: Value[], type: CtyType): void {
  writer.array(values.length);
  values.forEach((value, index) => {
    encode(writer, value, innerType(type, index));
  });
}

function encodeMembers(writer: MsgpackWriter, value: ObjectValue, type: CtyType): void {
  const names = Object.keys(type[0] === "object" ? type[1] : value);
  writer.map(names.length);
  for (const name of names) {
    writer.string(name);
    encode(writer, member(value, name), innerType(type, name));
  }
}

function encodeNumber(writer: MsgpackWriter, value: NumberValue): void {
  if (isInt64(value)) writer.integer(value);
  // Fractions as text: Terraform reads 0.1 as one tenth from that alone.
  else if (typeof value === "number" && !Number.isFinite(value)) writer.float(value);
  else writer.string(value.toString());
}

function isInt64(value: NumberValue): value is number | bigint {
  if (typeof value === "bigint") return value >= int64.min && value <= int64.max;
  return typeof value === "number" && Number.isSafeInteger(value);
}
