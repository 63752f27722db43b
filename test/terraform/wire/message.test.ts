import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import {
  type AnyMessage,
  bool,
  bytes,
  decode,
  embedded,
  encode,
  integer,
  mapOf,
  message,
  optional,
  repeated,
  string,
} from "../../../src/terraform/wire/message.js";
import { WireError } from "../../../src/terraform/wire/reader.js";
import { rpcs } from "../../../src/terraform/wire/tfplugin6.js";

const Inner = message({ name: string(1), index: optional(integer(2)), deep: bytes(3) });
const Sample = message({
  text: string(1),
  count: integer(2),
  flag: bool(3),
  raw: bytes(4),
  inner: embedded(5, Inner),
  many: repeated(embedded(16, Inner)),
  words: repeated(string(17)),
  byName: mapOf(embedded(2000, Inner)),
  labels: mapOf(string(2001)),
  maybe: optional(string(2002)),
});

// The same messages as the oracle knows them.
const root = protobuf.parse(
  `syntax = "proto3";
   message Inner { string name = 1; optional int64 index = 2; bytes deep = 3; }
   message Sample {
     string text = 1; int64 count = 2; bool flag = 3; bytes raw = 4; Inner inner = 5;
     repeated Inner many = 16; repeated string words = 17; map<string, Inner> byName = 2000;
     map<string, string> labels = 2001; optional string maybe = 2002;
   }`,
  { keepCase: true },
).root;
const Oracle = root.lookupType("Sample");

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const binary = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const inner = fc.record(
  { name: text, index: fc.maxSafeInteger(), deep: binary },
  { requiredKeys: ["name", "deep"], noNullPrototype: true },
);
const dictionary = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(text, value, { maxKeys: 3, noNullPrototype: true });
const sample = fc.record(
  {
    text,
    count: fc.maxSafeInteger(),
    flag: fc.boolean(),
    raw: binary,
    inner,
    many: fc.array(inner, { maxLength: 3 }),
    words: fc.array(text, { maxLength: 3 }),
    byName: dictionary(inner),
    labels: dictionary(text),
    maybe: text,
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** What decoding gives for an absent field, by proto3's rules. */
const complete = (value: object) => ({
  text: "",
  count: 0,
  flag: false,
  raw: Buffer.alloc(0),
  inner: undefined,
  many: [],
  words: [],
  byName: {},
  labels: {},
  maybe: undefined,
  ...value,
});

/** A value with bytes as text and without undefined members, to be compared. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([name, each]) => [name, plain(each)]));
}

describe("the protobuf codec", () => {
  test("reads back what it wrote", () => {
    fc.assert(
      fc.property(sample, (value) => {
        expect(plain(decode(Sample, encode(Sample, value)))).toEqual(plain(complete(value)));
      }),
    );
  });

  test("reads what protobufjs wrote", () => {
    fc.assert(
      fc.property(sample, (value) => {
        fc.pre(!hasProtoKey(value));
        const written = Oracle.encode(Oracle.fromObject(value)).finish();
        expect(plain(decode(Sample, written))).toEqual(plain(complete(value)));
      }),
    );
  });

  test("writes what protobufjs reads", () => {
    fc.assert(
      fc.property(sample, (value) => {
        fc.pre(!hasProtoKey(value));
        const read = Oracle.toObject(Oracle.decode(encode(Sample, value)), {
          defaults: true,
          longs: Number,
        });
        for (const [name, expected] of Object.entries(value)) {
          expect(plain(read[name])).toEqual(plain(expected));
        }
      }),
    );
  });

  test("skips fields that it does not know", () => {
    const Newer = message({ text: string(1), a: string(7), b: integer(8), c: embedded(9, Inner) });
    const bytesOf = encode(Newer, { text: "kept", a: "x", b: -1, c: { name: "y" } });
    const fixed = Buffer.from([0x55, 1, 2, 3, 4, 0x51, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(decode(Sample, Buffer.concat([bytesOf, fixed])).text).toBe("kept");
  });

  test("writes a present field of a oneof though it is empty", () => {
    expect([...encode(Inner, { index: 0 })]).toEqual([0x10, 0]);
    expect(decode(Inner, Buffer.of(0x10, 0)).index).toBe(0);
  });

  test("refuses integers that a JavaScript number can't hold", () => {
    const beyond = Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]);
    expect(() => decode(Sample, beyond)).toThrow("beyond 2^53");
    expect(() => encode(Sample, { count: 2 ** 53 })).toThrow(WireError);
  });

  test("takes any bytes for any request without dying", () => {
    const requests = Object.values(rpcs).map((rpc): AnyMessage => rpc.request);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom<AnyMessage>(Sample, ...requests),
        (data, type) => {
          try {
            decode(type, data);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("takes any change to a message without dying", () => {
    fc.assert(
      fc.property(sample, fc.nat(), fc.nat({ max: 255 }), (value, at, byte) => {
        const data = Buffer.concat([encode(Sample, value), Buffer.of(0x18, 1)]);
        data[at % data.length] = byte;
        try {
          decode(Sample, data);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** protobufjs can't represent this key in a map. */
function hasProtoKey({ byName = {}, labels = {} }: { byName?: object; labels?: object }): boolean {
  return [byName, labels].some((map) => Object.hasOwn(map, "__proto__"));
}
