import { WireError, WireReader, wireType } from "./reader.js";
import { WireWriter } from "./writer.js";

/** How one kind of field goes over the wire. */
interface FieldCodec<T> {
  readonly wire: number;
  read(reader: WireReader): T;
  write(writer: WireWriter, no: number, value: T): void;
}

type Cardinality = "implicit" | "optional" | "repeated" | "map";

/** One field of a message; made by {@link string}, {@link repeated} and their like. */
export interface Field<Decoded, Encodable = Decoded> {
  readonly no: number;
  readonly cardinality: Cardinality;
  /** What an absent field decodes as. */
  readonly absent: () => Decoded;
  /** Deferred, as messages may refer to each other in any order. */
  readonly codec: () => FieldCodec<unknown>;
  readonly types?: { decoded: Decoded; encodable: Encodable };
}

type Fields = Readonly<Record<string, Field<unknown, unknown>>>;
type DecodedOf<F> = F extends Field<infer D, infer _E> ? D : never;
type EncodableOf<F> = F extends Field<infer _D, infer E> ? E : never;

/** What a message type decodes to: every field is there, absent ones with protobuf's default. */
export type Decoded<M> =
  M extends Message<infer F> ? { [Name in keyof F]: DecodedOf<F[Name]> } : never;

/** What a message type can be encoded from. */
export type Encodable<M> =
  M extends Message<infer F> ? { [Name in keyof F]?: EncodableOf<F[Name]> | undefined } : never;

/** A message type: a table of fields. */
export interface Message<F extends Fields> {
  readonly fields: F;
}

/** Any message type. */
export type AnyMessage = Message<Fields>;

/** Declares a message type. */
export function message<const F extends Fields>(fields: F): Message<F> {
  return { fields };
}

const stringCodec: FieldCodec<string> = {
  wire: wireType.bytes,
  read: (reader) => reader.string(),
  write: (writer, no, value) => writer.string(no, value),
};
const bytesCodec: FieldCodec<Uint8Array> = {
  wire: wireType.bytes,
  read: (reader) => reader.bytes(),
  write: (writer, no, value) => writer.bytes(no, value),
};
const integerCodec: FieldCodec<number> = {
  wire: wireType.varint,
  read: (reader) => reader.integer(),
  write: (writer, no, value) => writer.integer(no, value),
};
const boolCodec: FieldCodec<boolean> = {
  wire: wireType.varint,
  read: (reader) => reader.bool(),
  write: (writer, no, value) => writer.bool(no, value),
};

function scalar<T>(codec: FieldCodec<T>, empty: T): (no: number) => Field<T> {
  return (no) => ({
    no,
    cardinality: "implicit",
    absent: () => empty,
    codec: () => codec as FieldCodec<unknown>,
  });
}

export const string = scalar(stringCodec, "");
export const bytes = scalar<Uint8Array>(bytesCodec, new Uint8Array());
/** int32, int64 and enums; all of the protocol's fit a JavaScript number. */
export const integer = scalar(integerCodec, 0);
export const bool = scalar(boolCodec, false);

/** A field whose presence counts: `optional`, or a member of a `oneof`. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, cardinality: "optional", absent: () => undefined } as Field<T | undefined>;
}

/** A field that holds a message. */
export function embedded<F extends Fields>(
  no: number,
  type: Message<F> | (() => Message<F>),
): Field<Decoded<Message<F>> | undefined, Encodable<Message<F>>> {
  let codec: FieldCodec<unknown> | undefined;
  return {
    no,
    cardinality: "optional",
    absent: () => undefined,
    codec() {
      codec ??= messageCodec(typeof type === "function" ? type() : type) as FieldCodec<unknown>;
      return codec;
    },
  };
}

/** A repeated field. */
export function repeated<D, E>(field: Field<D, E>): Field<Exclude<D, undefined>[], E[]> {
  return { no: field.no, codec: field.codec, cardinality: "repeated", absent: () => [] };
}

/** A map with string keys. */
export function mapOf<D, E>(
  field: Field<D, E>,
): Field<Record<string, Exclude<D, undefined>>, Readonly<Record<string, E>>> {
  return { no: field.no, codec: field.codec, cardinality: "map", absent: () => ({}) };
}

/**
 * Decodes a message. Fields it does not know are skipped, as a newer Terraform may send them.
 *
 * @throws WireError when the bytes are no such message
 */
export function decode<F extends Fields>(type: Message<F>, data: Uint8Array): Decoded<Message<F>> {
  const { byNumber, defaults } = layoutOf(type);
  const result = defaults();
  const reader = new WireReader(data);
  while (!reader.done) {
    const tag = reader.tag();
    const known = byNumber.get(tag.no);
    if (!known) {
      reader.skip(tag.type);
      continue;
    }
    readField(reader, tag.type, known, result);
  }
  return result as Decoded<Message<F>>;
}

/** Encodes a message; absent fields and protobuf's defaults take no bytes. */
export function encode<F extends Fields>(type: Message<F>, value: Encodable<Message<F>>): Buffer {
  const writer = new WireWriter();
  const values = value as Record<string, unknown>;
  for (const { name, field } of layoutOf(type).fields) {
    const given = values[name];
    if (given !== undefined) writeField(writer, field, given);
  }
  return writer.finish();
}

type NamedField = { name: string; field: Field<unknown, unknown> };
type Result = Record<string, unknown>;

interface Layout {
  fields: readonly NamedField[];
  byNumber: Map<number, NamedField>;
  defaults: () => Result;
}

const layouts = new WeakMap<Message<Fields>, Layout>();

function layoutOf(type: Message<Fields>): Layout {
  const known = layouts.get(type);
  if (known) return known;
  const fields = Object.entries(type.fields).map(([name, field]) => ({ name, field }));
  const layout: Layout = {
    fields,
    byNumber: new Map(fields.map((named) => [named.field.no, named])),
    defaults: () => Object.fromEntries(fields.map(({ name, field }) => [name, field.absent()])),
  };
  layouts.set(type, layout);
  return layout;
}

function readField(reader: WireReader, wire: number, known: NamedField, result: Result): void {
  const { name, field } = known;
  const codec = field.codec();
  const expected = field.cardinality === "map" ? wireType.bytes : codec.wire;
  if (wire !== expected) throw new WireError(`field ${field.no} has wire type ${wire}`);
  if (field.cardinality === "repeated") {
    (result[name] as unknown[]).push(codec.read(reader));
  } else if (field.cardinality === "map") {
    const { key, value } = readMapEntry(reader.bytes(), codec);
    // Not by assignment: a key named __proto__ is a key like any other.
    Object.defineProperty(result[name], key, { value, enumerable: true, configurable: true });
  } else {
    result[name] = codec.read(reader);
  }
}

function readMapEntry(
  entry: Uint8Array,
  codec: FieldCodec<unknown>,
): { key: string; value: unknown } {
  const reader = new WireReader(entry);
  let key = "";
  let value: unknown;
  while (!reader.done) {
    const { no, type } = reader.tag();
    if (no === 1 && type === wireType.bytes) key = reader.string();
    else if (no === 2 && type === codec.wire) value = codec.read(reader);
    else reader.skip(type);
  }
  // An entry without a value has the default one: what a single zero byte reads as, for every kind.
  return { key, value: value ?? codec.read(new WireReader(Uint8Array.of(0))) };
}

function writeField(writer: WireWriter, field: Field<unknown, unknown>, given: unknown): void {
  const codec = field.codec();
  switch (field.cardinality) {
    case "implicit":
      if (!isDefault(given)) codec.write(writer, field.no, given);
      break;
    case "optional":
      codec.write(writer, field.no, given);
      break;
    case "repeated":
      for (const element of given as unknown[]) codec.write(writer, field.no, element);
      break;
    case "map":
      for (const [key, value] of Object.entries(given as Result)) {
        const entry = new WireWriter();
        entry.string(1, key);
        codec.write(entry, 2, value);
        writer.bytes(field.no, entry.finish());
      }
  }
}

function isDefault(value: unknown): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value;
}

function messageCodec<F extends Fields>(type: Message<F>): FieldCodec<Encodable<Message<F>>> {
  return {
    wire: wireType.bytes,
    read: (reader) => decode(type, reader.bytes()) as Encodable<Message<F>>,
    write: (writer, no, value) => writer.bytes(no, encode(type, value)),
  };
}
