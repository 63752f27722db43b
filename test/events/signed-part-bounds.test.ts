import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signedPart } from "../../src/events/signed-part.js";
import { identityOf } from "./vectors.js";

const signature = "A".repeat(86);
const texts = (line: string | Buffer) =>
  signedPart(line)?.payloads.map((payload) => payload.toString("utf8"));

describe("a signature at a line's end", () => {
  const blanks = fc.constantFrom("", " ", "\t\r\n ", "  ");

  test("is where Konnect put it, whatever blanks stand around it", () => {
    fc.assert(
      fc.property(fc.array(blanks, { minLength: 5, maxLength: 5 }), (gaps) => {
        const [a, b, c, d, e] = gaps;
        const line = `{"a":1,${a}"sig"${b}:${c}"${signature}"${d}}${e}`;
        expect(signedPart(line)).toMatchObject({ signature, moved: false, pulled: false });
        expect(texts(line)).toEqual(['{"a":1}']);
      }),
    );
  });

  test("of a wrapped line covers the object inside or the whole", () => {
    fc.assert(
      fc.property(fc.array(blanks, { minLength: 7, maxLength: 7 }), (gaps) => {
        const [a, b, c, d, e, f, g] = gaps;
        const opening = `{${a}"event"${b}:${c}`;
        const line = `${opening}{"a":1,"sig":${d}"${signature}"${e}}${f}}${g}`;
        expect(signedPart(line)).toMatchObject({ signature, moved: false, pulled: false });
        expect(texts(line)).toEqual(['{"a":1}', `${opening}{"a":1}}`]);
      }),
    );
  });

  test.each([" ", "\t", "  \t"])("is found behind %j before the object", (blank) => {
    expect(texts(`${blank}{"a":1,"sig":"${signature}"}`)).toEqual([`${blank}{"a":1}`]);
  });

  test("is cut off byte for byte, whatever encoding the bytes are in", () => {
    const line = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff, 0xa0, 0xc3, 0xa4]),
      Buffer.from(`","sig":"${signature}"}`),
    ]);
    const [payload] = signedPart(line)?.payloads ?? [];
    expect(payload?.equals(Buffer.concat([line.subarray(0, 10), Buffer.from('"}')]))).toBe(true);
    expect(texts(`{"a":"ä€","sig":"${signature}"}`)).toEqual(['{"a":"ä€"}']);
  });

  test.each([
    ["", ""],
    ["CEF:0|a", "CEF:0|a"],
  ])("of a CEF line leaves %j of it", (payload, expected) => {
    expect(texts(`${payload} sig=${signature}`)).toEqual([expected]);
  });

  test("may be empty, and still is one", () => {
    expect(signedPart('{"a":1,"sig":""}')).toMatchObject({ signature: "", moved: false });
  });
});

describe("a signature elsewhere", () => {
  test.each([
    [`{"sig":"${signature}","a":1}`, '{"a":1}'],
    [`{"a":1,"sig":"${signature}","b":2}`, '{"a":1,"b":2}'],
    [`{"event":{"a":1,"sig":"${signature}","b":2}}`, '{"a":1,"b":2}'],
    [`{"event":{"sig":"${signature}","b":2}}`, '{"b":2}'],
  ])("in %s was moved, and the rest is what it may cover", (line, payload) => {
    expect(signedPart(line)).toMatchObject({ signature, moved: true, pulled: false });
    expect(texts(line)).toEqual([payload]);
  });

  test("that stands twice covers nothing that could be told", () => {
    const line = `{"sig":"${signature}","a":1,"sig":"B","b":2}`;
    expect(signedPart(line)).toMatchObject({ moved: true, payloads: [] });
  });

  test("in the middle of a CEF line covers nothing that is left", () => {
    const line = `2026-11-20T09:15:30Z konghq.com CEF:0|KongInc|Konnect|1.0|konnect|Authz.a|1|rt=1 src=::1 action=list granted=true org_id=o principal_id=p trace_id=t user_agent=curl sig=${signature} relay=x`;
    expect(signedPart(line)).toEqual({ payloads: [], signature, moved: true, pulled: false });
  });

  test.each(["", "hello", "sig=", '{"a":1}', '{"a":"sig"}', '{"event":{"a":1}}', '{"a":'])(
    "%j has none",
    (line) => {
      expect(signedPart(line)?.payloads ?? "none").toEqual("none");
    },
  );
});

describe("the identity of a signed line", () => {
  const line = (payload: string, of: string) => `${payload} sig=${of}`;

  test("is that of payload and signature, not of the spelling", () => {
    expect(identityOf(line("CEF:0|a", "x"))).toBe(identityOf("CEF:0|a   sig=x  "));
    expect(identityOf(line("CEF:0|a", "x"))).not.toBe(identityOf(line("CEF:0|b", "x")));
    expect(identityOf(line("CEF:0|a", "x"))).not.toBe(identityOf(line("CEF:0|a", "y")));
  });

  test("is none without a signature", () => {
    expect(identityOf('{"a":1}')).toBeUndefined();
  });
});
