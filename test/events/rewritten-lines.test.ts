import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEvent } from "../../src/events/format.js";
import { createSigningKey, formatJwks, readJwks } from "../../src/events/jwks.js";
import { parseLine } from "../../src/events/parse.js";
import { signLine, verifyLine, verifyLineInPool } from "../../src/events/signature.js";
import { anyEvent, anyFormat } from "./arbitraries.js";
import { identityOf, signedByVectorKey, vectorKey } from "./vectors.js";

const keySet = readJwks(formatJwks([vectorKey]));
const { cef, json } = signedByVectorKey;
const unsigned = json.replace(/,"sig":"[^"]*"/, "");
const sig = /"sig":"([^"]*)"/.exec(json)?.[1] ?? "";

describe("a line that was rewritten since it was signed", () => {
  test.each([
    ["sorted", json.replace(/,"sig":"[^"]*"/, "").replace(',"src"', `,"sig":"${sig}","src"`)],
    ["sig first", unsigned.replace("{", `{"sig":"${sig}",`)],
  ])("is valid where it is what was signed but for the place of sig (%s)", (_, line) => {
    expect(verifyLine(line, keySet).outcome).toBe("valid");
    expect(verifyLine(`{"event":${line}}`, keySet).outcome).toBe("valid");
  });

  test.each([
    ["a member behind sig", json.replace(/\}$/, ',"host":"relay"}')],
    ["sig as it stands and another one", unsigned.replace("{", `{"sig":"x","sig":"${sig}",`)],
    ["an escaped key", json.replace('"sig"', '"s\\u0069g"').replace(/\}$/, ',"x":1}')],
    ["an escaped key alone", json.replace('"sig"', '"s\\u0069g"')],
    ["an envelope around two", `{"event":${json},"message":${json.replace("1", "2")}}`],
    [
      "an envelope around a line with another value",
      `{"time":1,"event":${json.replace("1", "2")}}`,
    ],
    ["an envelope of envelopes beyond measure", `${'{"data":'.repeat(9)}${json}${"}".repeat(9)}`],
    ["an envelope that no collector makes", `{"evenu":${json}}`],
    ["a signature below another member", unsigned.replace(/\}$/, `,"x":{"y":[{"sig":"${sig}"}]}}`)],
    ["a name before the signature's", unsigned.replace(/\}$/, `,"event.sig":"${sig}"}`)],
    [
      "the signed line in a member beside the others",
      unsigned.replace(/\}$/, `,"_raw":${JSON.stringify(cef)}}`),
    ],
    ["an array on one line", `[${json},${json}]`],
    ["a comma behind it", `${json},`],
    ["the line in a table", `"2026-11-20","${json.replaceAll('"', '""')}"`],
    ["the line in a table, with its end missing", json.slice(0, -1)],
    ["a blank that is none in CEF before sig", cef.replace(" sig=", "\u00a0sig=")],
    ["white space that is none in JSON behind it", `${json}\u000b\u000c`],
    ["a field behind sig", `${cef} host=relay01`],
    ["words behind sig", `${cef} (relayed)`],
    ["sig before others", cef.replace(/ sig=.*/, "").replace("|rt=", `|sig=${sig} rt=`)],
  ])("says so (%s)", (_, line) => {
    expect(verifyLine(line, keySet)).toEqual({ outcome: "invalid", reason: "moved" });
  });

  test.each<[string, string, string]>([
    ["a member behind it", `{"event":${json},"host":"relay"}`, json],
    ["a member before it", `{"host":"relay","event":${json}}`, json],
    ["HEC", `{"time":1,"source":"k","sourcetype":"_json","event":${json}}`, json],
    ["HEC with a line in CEF", `{"time":1,"event":${JSON.stringify(cef)}}`, cef],
    [
      "a line as text, with a line break",
      `{"log":${JSON.stringify(`${json}\n`)},"stream":"stdout"}`,
      json,
    ],
    [
      "the same line twice",
      `{"message":${JSON.stringify(cef)},"event":{"original":${JSON.stringify(cef)}}}`,
      cef,
    ],
    ["two envelopes", `{"a":1,"event":{"event":${json}}}`, json],
    ["the signature beside the object", `{"event":${unsigned},"sig":"${sig}"}`, json],
    ["the signature before the object", `{"sig":"${sig}","x":1,"event":${unsigned}}`, json],
  ])(
    "is valid in an envelope that holds it byte for byte, and read as it is (%s)",
    (_, line, inner) => {
      expect(verifyLine(line, keySet).outcome).toBe("valid");
      const read = parseLine(line);
      expect(read.fields).toEqual(parseLine(inner).fields);
      expect(read.complete).toBe(parseLine(inner).complete);
    },
  );

  test("in an envelope is not what stands there in a caller's words", () => {
    const words = [cef, `{"event":${json}}`, `","sig":"${sig}"`];
    for (const user_agent of words) {
      const members = { ...JSON.parse(unsigned), user_agent };
      expect(verifyLine(JSON.stringify(members), keySet)).toEqual({ outcome: "unsigned" });
      const envelope = JSON.stringify({ time: 1, event: members });
      expect(verifyLine(envelope, keySet)).toEqual({ outcome: "unsigned" });
      expect(parseLine(envelope).userAgent).toBe(user_agent);
    }
  });

  test("by a relay that put its header before it is valid: the header is no part of it", () => {
    for (const header of [
      "<134>Nov 20 09:15:31 relay01 ",
      "412 <14>1 2026-11-20T09:15:31Z r a - - - ",
    ]) {
      expect(verifyLine(`${header}${cef}`, keySet).outcome).toBe("valid");
      expect(parseLine(`${header}${cef}`).fields).toEqual(parseLine(cef).fields);
    }
    for (const other of [" ", "x ", "CEF:0|K|K|1|x|Authz.forged|1|rt=1 "]) {
      expect(verifyLine(`${other}${cef}`, keySet).outcome).toBe("invalid");
    }
  });

  test("is never called unsigned while a signature is there", () => {
    fc.assert(
      fc.property(anyEvent, anyFormat, fc.stringMatching(/^[a-z]{1,9}$/), (event, format, word) => {
        const line = signLine(formatEvent(event, format), format, vectorKey.privateKey);
        const rewritten =
          format === "cef" ? `${line} ${word}=${word}` : line.replace(/(\}+)$/, `,"${word}":1$1`);
        expect(verifyLine(rewritten, keySet).outcome).toBe("invalid");
        expect(parseLine(rewritten).signature).toHaveLength(86);
      }),
      { numRuns: 100 },
    );
  });

  test("a user agent that holds a signature does not make an unsigned line a signed one", () => {
    const line = `CEF:0|K|Konnect|1.0|x|Ingress|1|rt=1 src=1 request=/ act=GET status=200 org_id=o principal_id=p user_agent=x sig=${sig} trace_id=1 query={}`;
    expect(verifyLine(line, keySet)).toEqual({ outcome: "unsigned" });
  });
});

test("the thread pool comes to the same verdicts", async () => {
  const stranger = readJwks(formatJwks([createSigningKey()]));
  const none = readJwks({ keys: [] });
  for (const line of [cef, json, unsigned, `${cef} x=1`, cef.slice(0, -9)]) {
    for (const keys of [keySet, stranger, none]) {
      expect((await verifyLineInPool(line, keys)).verdict).toEqual(verifyLine(line, keys));
    }
  }
});

describe("the identity of a signed line", () => {
  test("does not depend on what the signature does not cover", () => {
    const spellings = [cef, `${cef}  \t`, cef.replace(" sig=", "   sig=")];
    expect(new Set(spellings.map(identityOf)).size).toBe(1);
    const inJson = [json, json.replace(',"sig"', ', "sig" ').replace(/\}$/, " } ")];
    inJson.push(`{"event":${json}}`, `{ "event" : ${json} }`);
    expect(new Set(inJson.map(identityOf)).size).toBe(1);
    expect(identityOf(cef.replace("granted=true", "granted=no"))).not.toBe(identityOf(cef));
    expect(identityOf(unsigned)).toBeUndefined();
  });

  test("knows 0xA0 as a byte like others: it is no blank", () => {
    const line = Buffer.concat([Buffer.from(json), Buffer.from([0xa0])]);
    expect(verifyLine(line, keySet)).toEqual({ outcome: "invalid", reason: "moved" });
    const cefLine = Buffer.concat([Buffer.from(cef), Buffer.from([0xa0])]);
    expect(verifyLine(cefLine, keySet).outcome).toBe("invalid");
  });
});

describe("a key under which signatures prove nothing", () => {
  const jwk = (bytes: Uint8Array) => ({
    ...vectorKey.jwk,
    x: Buffer.from(bytes).toString("base64url"),
  });
  const small = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ];

  test.each(small)("%s is refused", (hex) => {
    const { keys, rejected } = readJwks({ keys: [jwk(Buffer.from(hex, "hex"))] });
    expect(keys).toEqual([]);
    expect(rejected[0]?.reason).toContain("small order");
  });

  test("because it is no point of the curve is refused, and none that was made is", () => {
    const { rejected } = readJwks({
      keys: [jwk(Buffer.alloc(32, 0xff)), jwk(Buffer.from([2, ...Buffer.alloc(31)]))],
    });
    expect(rejected.map(({ reason }) => reason)).toEqual(
      Array(2).fill("has an `x` that is no point of the curve"),
    );
    const made = Array.from({ length: 30 }, () => createSigningKey());
    expect(readJwks(formatJwks(made)).rejected).toEqual([]);
  });
});

describe("a record of the pull API", () => {
  const record = {
    type: "authorization",
    ts: "2026-11-20T09:15:30.123Z",
    org_id: "o",
    principal_id: "p",
    client_ip: "192.0.2.1",
    user_agent: "curl/8",
    trace_id: "6a2c061900000000ec0143e2893a88de",
    service: "konnect",
    action: "list",
    granted: true,
    resource: "krn:konnect:audit-logs:control-planes",
    signature: "MEUCIQDx",
  };

  test("is not verifiable, whatever its signature looks like", () => {
    for (const signature of [record.signature, sig]) {
      const line = JSON.stringify({ ...record, signature });
      expect(verifyLine(line, keySet)).toEqual({ outcome: "unverifiable", reason: "pull record" });
    }
  });

  test("is valid where its signature covers the delivered line, which its fields tell", () => {
    const event = parseLine(json);
    expect(event.complete).toBe(true);
    const line =
      '{"action":"list","cef_version":"0","event_class_id":"konnect","event_product":"Konnect","event_ts":"2026-11-20T09:15:30Z","event_vendor":"KongInc","event_version":"1.0","granted":true,"name":"Authz.control-planes","org_id":"o","principal_id":"p","rt":1795166130123,"severity":1,"src":"192.0.2.1","trace_id":"6a2c061900000000ec0143e2893a88de","user_agent":"curl/8"}';
    const signature = parseLine(signLine(line, "json", vectorKey.privateKey)).signature;
    expect(verifyLine(JSON.stringify({ ...record, signature }), keySet).outcome).toBe("valid");
    const forged = JSON.stringify({ ...record, signature, granted: false });
    expect(verifyLine(forged, keySet).outcome).toBe("unverifiable");
  });

  test("is recognised without type, organisation and principal, as a login may be", () => {
    const { format, kind, name, eventTs } = parseLine(
      '{"successful":false,"signature":"x","outcome":"locked","authentication_type":"basic","ts":"2026-11-20T09:15:30Z","client_ip":"::1","uri":"/","user_agent":"x","trace_id":"1"}',
    );
    expect({ format, kind, name, eventTs }).toEqual({
      format: "pull",
      kind: "authentication",
      name: "AUTHENTICATION_OUTCOME_LOCKED",
      eventTs: "2026-11-20T09:15:30Z",
    });
  });
});
