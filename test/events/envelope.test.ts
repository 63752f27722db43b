import { describe, expect, test } from "vitest";
import {
  holdsSignature,
  isEventObject,
  linesInEnvelope,
  type TextEncoding,
} from "../../src/events/envelope.js";
import { placeJsonMembers } from "../../src/events/lossless-json.js";
import { signedIdentity, signedPart } from "../../src/events/signed-part.js";

const signature = "A".repeat(86);
const object = '{"event_ts":"t","name":"Authz.a","rt":1}';
const other = '{"event_ts":"t","name":"Authz.a","rt":2}';
const cef = "CEF:0|KongInc|Konnect|1.0|konnect|Authz.a|1|rt=1 user_agent=x";
const linesIn = (text: string, encoding: TextEncoding) =>
  linesInEnvelope(placeJsonMembers(text) ?? [], encoding);
const find = (text: string) => linesIn(text, "utf8");
const texts = (line: string | Buffer) =>
  signedPart(line)?.payloads.map((payload) => payload.toString("utf8"));

describe("a line in an envelope", () => {
  test.each([
    ...["_raw", "_source", "body", "data", "line", "log", "message", "msg", "original"],
    ...["payload", "raw", "record", "result", "textPayload"],
  ])("is found as object and as text in the member %s", (name) => {
    expect(find(`{"${name}":${object}}`)).toEqual([object]);
    expect(find(`{"time":1,"${name}":${JSON.stringify(object)}}`)).toEqual([object]);
    expect(find(`{"${name}":${JSON.stringify(cef)},"x":1}`)).toEqual([cef]);
  });

  test("is a cps line where it is an object under event, and not where it is text", () => {
    expect(find(`{"event":${object}}`)).toEqual([`{"event":${object}}`]);
    expect(find(`{"event":${JSON.stringify(object)}}`)).toEqual([object]);
    expect(find(`{"event":${JSON.stringify(cef)}}`)).toEqual([cef]);
  });

  test.each(["events", "Event", "", "constructor", "user_agent"])(
    "is not looked for in the member %j",
    (name) => {
      expect(find(`{"${name}":${object}}`)).toEqual([]);
      expect(find(`{"${name}":${JSON.stringify(cef)}}`)).toEqual([]);
    },
  );

  test.each([
    ['{"log":"hello"}'],
    ['{"log":"CEF:0|a"}'],
    ['{"log":"{"}'],
    ['{"log":1}'],
    ['{"log":null}'],
    ['{"log":[]}'],
    ['{"log":{"rt":1,"name":"a"}}'],
    ['{"log":'],
    ["[]"],
    ["hello"],
    [object],
  ])("is none in %s", (text) => {
    expect(find(text)).toEqual([]);
  });

  test("is no part of an event, which ends the search", () => {
    const event = object.replace("}", `,"log":${JSON.stringify(cef)}}`);
    expect(find(event)).toEqual([]);
    expect(find(`{"log":${event}}`)).toEqual([event]);
  });

  test("is found once, and where there are two, both are", () => {
    expect(find(`{"log":${object},"message":${JSON.stringify(object)}}`)).toEqual([object]);
    expect(find(`{"log":${object},"message":${other}}`)).toEqual([object, other]);
    const third = object.replace("1}", "3}");
    expect(find(`{"log":${object},"message":${other},"raw":${third}}`)).toEqual([object, other]);
  });

  test("is found with the blanks that stand in its text", () => {
    expect(find(`{"log":${JSON.stringify(` \t${object}\n`)}}`)).toEqual([` \t${object}\n`]);
  });

  test("is found as deep as four envelopes, and no deeper", () => {
    const inside = (depth: number) => `${'{"data":'.repeat(depth)}${object}${"}".repeat(depth)}`;
    expect(find(inside(4))).toEqual([object]);
    expect(find(inside(5))).toEqual([]);
  });

  test("keeps its bytes, however the envelope was read and escapes them", () => {
    const line = `${cef} ä€\u{1f511}`;
    for (const json of [JSON.stringify(line), JSON.stringify(line).replace("ä", "\\u00e4")]) {
      const envelope = `{"log":${json}}`;
      expect(linesIn(envelope, "utf8")).toEqual([line]);
      const latin1 = (text: string) => Buffer.from(text).toString("latin1");
      expect(linesIn(latin1(envelope), "latin1")).toEqual([latin1(line)]);
    }
  });
});

describe("an event's object", () => {
  test.each([
    [["event_ts", "name", "rt"], true],
    [["event_vendor", "event_version", "cef_version"], true],
    [["user_agent", "trace_id", "x", "query"], true],
    [["severity", "sig", "x"], false],
    [["event_ts", "name", "x"], false],
    [[], false],
  ])("has three of an event's members: %j → %j", (names, expected) => {
    expect(isEventObject(names)).toBe(expected);
  });
});

describe("a signature in text that is no event", () => {
  test.each([
    `sig=${signature}`,
    `x "sig":"${signature}"`,
    `SIG = '${signature}'`,
    `"sig%22%3A%22${signature}"`,
    `sig\\":\\"${signature},`,
    `sig${"=".repeat(16)}${signature}`,
    `{"sig":"x"}`,
    `{"x":[1,{"y":{"sig":null}}]}`,
    `{"signature":"${signature}"}`,
    `{"event.sig":"${signature}"}`,
    `{"event_Signature":"${signature}"}`,
    `{"x":"sig=${signature}"}`,
    `{"x":["sig=${signature}"]}`,
    `["sig=${signature}"]`,
    `{"SIG":"${signature}"}`,
  ])("is seen in %s", (text) => {
    expect(holdsSignature(text)).toBe(true);
  });

  test.each([
    "",
    "null",
    "1",
    "{}",
    `sig${signature}`,
    `sig=${signature}A`,
    `sig=${signature.slice(1)}`,
    `xsig=${signature}`,
    `9sig=${signature}`,
    `sig${"=".repeat(17)}${signature}`,
    `{"signature":"x"}`,
    `{"design":"${signature}"}`,
    `{"xsig":"${signature}"}`,
    `{"sig2":"${signature}"}`,
    `{"signature":"${signature}A"}`,
    `{"signature":"=${signature}"}`,
    `{"user_agent":"sig=${signature}"}`,
    `{"query":"sig=${signature}"}`,
    `{"x":1,"y":[null,{"z":true}]}`,
  ])("is not seen in %s", (text) => {
    expect(holdsSignature(text)).toBe(false);
  });
});

describe("the signature of an enclosed line", () => {
  const signed = object.replace("}", `,"sig":"${signature}"}`);

  test.each([
    [`{"time":1,"log":${signed}}`, [object]],
    [`{"log":${JSON.stringify(signed)},"x":1}`, [object]],
    [`{"log":${JSON.stringify(`${cef} sig=${signature}`)}}`, [cef]],
    [`{"x":1,"event":${signed}}`, [object, `{"event":${object}}`]],
  ])("is the line's own: %s", (line, payloads) => {
    expect(signedPart(line)).toMatchObject({ signature, moved: true, pulled: false });
    expect(texts(line)).toEqual(payloads);
  });

  test("may stand beside it", () => {
    const line = `{"log":${object},"sig":"${signature}"}`;
    expect(texts(line)).toEqual([`{"log":${object}}`, object]);
    expect(texts(`{"sig":"${signature}","event":${object}}`)).toEqual([
      `{"event":${object}}`,
      object,
    ]);
    expect(texts(`{"sig":"${signature}","log":${object},"msg":${other}}`)).toHaveLength(1);
  });

  test.each([
    [`{"log":${signed},"msg":${other}}`],
    [`{"other":${signed}}`],
    [`{"event":{"x":{"y":{"a":1,"sig":"${signature}"}},"b":2}}`],
    [`[${signed}]`.replace("[", '{"x":[').replace(/\]$/, "]}")],
    [`${signed},`],
    [`${signed.slice(0, -1)}`],
    [`hello "sig":"${signature}"`],
    [`${cef}\u00a0sig=${signature}`],
    [`${cef}\u00a0sig=${signature} \t`],
  ])("covers nothing that can be told where it is not clear of which: %s", (line) => {
    expect(signedPart(line)).toMatchObject({ moved: true, pulled: false, payloads: [] });
  });

  test.each([
    [`{"log":${object}}`],
    [`{"log":${object},"msg":${other}}`],
    [`{"log":${JSON.stringify(cef)},"x":"sig"}`],
    ["hello sig"],
    [`${cef} sig`],
    [`${cef}\u00a0sig=${signature}A`],
    [`${cef}xsig=${signature}`],
    [`{"a":"\\u0041"}`],
  ])("is none in %s", (line) => {
    expect(signedPart(line)).toBeUndefined();
  });
});

describe("a signature among a line's members", () => {
  const sig = `"sig":"${signature}"`;

  test.each([
    [`{${sig}}`, ["{}"]],
    [`{ ${sig} , "a":1}`, ['{ "a":1}']],
    [`{"a":1 , ${sig} , "b":2}`, ['{"a":1 , "b":2}']],
    [`{"a":1,${sig},"b":2 }  `, ['{"a":1,"b":2 }  ']],
    [`{"event":{${sig}},"b":2}`, []],
    [`{"event":{"a":1,${sig}},"b":2}`, []],
    [`{"a":1,"event":{"b":1,${sig}}}`, []],
    [`{"other":{"a":1,${sig},"b":2}}`, []],
    [`{"a":1,"s\\u0069g":"${signature}","b":2}`, []],
    [`{"a":1,${sig},"b":2,"sig":"x","c":3}`, []],
    [`{"a":1,${sig},"b":2,"s\\u0069g":"x"}`, []],
    [`{"a":1,${sig},"b":2}\u000b`, [`{"a":1,"b":2}\u000b`]],
    [`{"a":1,${sig},"b":"ä"}\u00a0`, ['{"a":1,"b":"ä"}\u00a0']],
  ])("of %s leaves what it may cover", (line, payloads) => {
    expect(signedPart(line)).toMatchObject({ moved: true, pulled: false });
    expect(texts(line)).toEqual(payloads);
  });

  test("that nothing is left to verify by has the identity of the whole line", () => {
    const line = (value: number) => `{"other":{"a":${value},${sig}}}`;
    const identity = (text: string) => {
      const part = signedPart(text);
      return part && signedIdentity(part, text);
    };
    expect(identity(line(1))).toBeDefined();
    expect(identity(line(1))).toBe(identity(line(1)));
    expect(identity(line(1))).not.toBe(identity(line(2)));
  });
});

describe("the signature of a pull record", () => {
  const record = `"ts":"2026-11-20T09:15:30Z","type":"authorization","a":1`;

  test("is its own member, of which it is not known what it covers", () => {
    const line = `{"signature":"${signature}",${record}}`;
    expect(signedPart(line)).toMatchObject({ signature, moved: false, pulled: true });
    expect(texts(line)).toEqual([`{${record}}`]);
  });

  test("covers nothing that could be told where it stands twice", () => {
    const line = `{"signature":"${signature}",${record},"signature":"x"}`;
    expect(signedPart(line)).toMatchObject({ moved: false, pulled: true, payloads: [] });
  });

  test("may cover the delivered lines that its fields tell, byte for byte, if it stands there once", () => {
    const members = {
      ...{ type: "authorization", ts: "2026-11-20T09:15:30.123Z", org_id: "o", principal_id: "p" },
      ...{ client_ip: "192.0.2.1", user_agent: "ä", trace_id: "t", service: "konnect" },
      ...{ action: "list", granted: true, resource: "krn:konnect:audit-logs:teams", signature },
    };
    const line = JSON.stringify(members);
    const [own, json, inCef] = texts(line) ?? [];
    expect(own).toBe(line.replace(`,"signature":"${signature}"`, ""));
    expect(json).toMatch(/^\{"action":"list".*"user_agent":"ä"\}$/);
    expect(inCef).toMatch(/CEF:0\|.* user_agent=ä$/);
    expect(texts(line.replace("}", ',"signature":"x"}'))).toEqual([]);
  });

  test("is none of a delivered line", () => {
    const line = `{"signature":"x","event_ts":"t",${record}}`;
    expect(signedPart(line)).toBeUndefined();
  });
});
