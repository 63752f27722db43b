import { decode, Encoder, ExtData, ExtensionCodec } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/terraform/cty/decimal.js";
import { equal } from "../../../src/terraform/cty/equal.js";
import { CtyError } from "../../../src/terraform/cty/errors.js";
import { decodeMsgpack, encodeMsgpack } from "../../../src/terraform/cty/msgpack.js";
import { parseNumber } from "../../../src/terraform/cty/number.js";
import type { CtyType } from "../../../src/terraform/cty/type.js";
import { TypedValue, UNKNOWN, type Value } from "../../../src/terraform/cty/value.js";
import { anyType, typedValue } from "./arbitraries.js";

// The oracle: a msgpack library of its own, told only what Terraform's unknown values look like.
const extensionCodec = new ExtensionCodec();
extensionCodec.register({ type: 0, encode: () => null, decode: () => UNKNOWN });
const oracle = new Encoder({ extensionCodec, useBigInt64: true });

/** A value as plain msgpack data, by the rules of Terraform's wire format. */
function asPlain(value: Value): unknown {
  if (value === UNKNOWN) return new ExtData(0, Uint8Array.of(0));
  if (value instanceof TypedValue) {
    return [Buffer.from(JSON.stringify(value.type)), asPlain(value.value)];
  }
  if (value instanceof Decimal) return value.toString();
  if (typeof value === "number" && !Number.isInteger(value)) return value;
  if (Array.isArray(value)) return value.map(asPlain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asPlain(each)]));
  }
  return value;
}

describe("decoding what was encoded", () => {
  test("gives the same value, for every type", () => {
    fc.assert(
      fc.property(typedValue(), ({ type, value }) => {
        const back = decodeMsgpack(encodeMsgpack(value, type), type);
        expect(equal(back, value, type)).toBe(true);
      }),
    );
  });
});

describe("against an independent msgpack library", () => {
  test("what we write is what it reads", () => {
    const simple = fc.constantFrom<CtyType>(
      ["map", ["list", "string"]],
      ["object", { text: "string", flag: "bool", many: ["set", "string"] }],
    );
    fc.assert(
      fc.property(simple, fc.infiniteStream(fc.string({ unit: "grapheme" })), (type, strings) => {
        const text = () => strings.next().value.normalize("NFC");
        const key = text();
        fc.pre(key !== "__proto__"); // which the library refuses, and the protocol does not
        const value: Value =
          type[0] === "map"
            ? { [key]: [text(), null, UNKNOWN], x: [] }
            : { text: text(), flag: true, many: UNKNOWN };
        const read = decode(encodeMsgpack(value, type), { extensionCodec });
        expect(equal(read as Value, value, type)).toBe(true);
      }),
    );
  });

  test("what it writes is what we read", () => {
    fc.assert(
      fc.property(typedValue(), ({ type, value }) => {
        // The library has no way to write a bigint beyond 64 bits; Terraform writes text there.
        fc.pre(!hasHugeInteger(value));
        // And the protocol reads keys as strings, where the library refuses this one.
        fc.pre(!JSON.stringify(value, bigintAsText)?.includes("__proto__"));
        const written = oracle.encode(asPlain(value));
        expect(equal(decodeMsgpack(written, type), value, type)).toBe(true);
      }),
    );
  });
});

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function hasHugeInteger(value: Value): boolean {
  if (typeof value === "bigint") return value >= 2n ** 63n || value < -(2n ** 63n);
  if (value instanceof TypedValue) return hasHugeInteger(value.value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasHugeInteger);
}

describe("numbers on the wire", () => {
  const roundTrip = (text: string) =>
    String(decodeMsgpack(encodeMsgpack(parseNumber(text), "number"), "number"));

  test.each([
    "0",
    "-1",
    "127",
    "128",
    "-32",
    "-33",
    "65536",
    "-2147483649",
    "9007199254740993",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "123456789012345678901234567890",
    "0.1",
    "0.5",
    "3.14159265358979323846264338327950288",
  ])("keep %s to the last digit", (text) => {
    expect(roundTrip(text)).toBe(
      parseNumber(text) instanceof Decimal ? String(parseNumber(text)) : text,
    );
    expect(parseNumber(roundTrip(text))).toEqual(parseNumber(text));
  });

  test("are text with a fraction, as Terraform reads 0.1 from text only", () => {
    expect(decode(encodeMsgpack(0.1, "number"))).toBe("0.1");
    expect(decode(encodeMsgpack(Number.POSITIVE_INFINITY, "number"))).toBe(Infinity);
  });

  test("are floats in what Terraform sends for integers beyond 64 bits", () => {
    expect(decodeMsgpack(oracle.encode(2 ** 70), "number")).toBe(2n ** 70n);
  });
});

describe("unknown values", () => {
  test("are any extension type, as refined ones are of type 12", () => {
    const refined = oracle.encode(new ExtData(12, Uint8Array.of(0x81, 1, 0xc2)));
    expect(decodeMsgpack(refined, "string")).toBe(UNKNOWN);
    expect(decodeMsgpack(refined, ["map", "string"])).toBe(UNKNOWN);
  });

  test("are written as Terraform writes them", () => {
    expect([...encodeMsgpack(UNKNOWN, "number")]).toEqual([0xd4, 0, 0]);
  });
});

describe("bad input", () => {
  test("of any kind is a CtyError, and never hangs", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), anyType, (bytes, type) => {
        try {
          decodeMsgpack(bytes, type);
        } catch (error) {
          expect(error).toBeInstanceOf(CtyError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("made of a real value by a changed byte is a CtyError too", () => {
    fc.assert(
      fc.property(typedValue(), fc.nat(), fc.nat({ max: 255 }), ({ type, value }, at, byte) => {
        const bytes = encodeMsgpack(value, type);
        bytes[at % bytes.length] = byte;
        try {
          decodeMsgpack(bytes, type);
        } catch (error) {
          expect(error).toBeInstanceOf(CtyError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["a length with nothing behind it", [0xdd, 0xff, 0xff, 0xff, 0xff], ["list", "string"]],
    ["a string that is not UTF-8", [0xa2, 0xc3, 0x28], "string"],
    ["bytes after the value", [0xc0, 0xc0], "string"],
    ["an attribute that the type lacks", [0x81, 0xa1, 0x78, 0xc0], ["object", {}]],
    ["a number that is none", [0xa1, 0x78], "number"],
    ["not-a-number", [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], "number"],
  ] as [string, number[], CtyType][])("such as %s is refused", (_, bytes, type) => {
    expect(() => decodeMsgpack(Uint8Array.from(bytes), type)).toThrow(CtyError);
  });

  test("is named by its path, without its value", () => {
    const bytes = encodeMsgpack({ a: { b: ["kpat_secret"] } }, [
      "object",
      { a: ["map", ["list", "string"]] },
    ]);
    const read = () => decodeMsgpack(bytes, ["object", { a: ["map", ["list", "bool"]] }]);
    expect(read).toThrow("a.b[0]: found string in place of bool");
  });
});
