import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEvent } from "../../src/events/format.js";
import { formatJson } from "../../src/events/json.js";
import { parseLine, toAuditEvent } from "../../src/events/parse.js";
import { signLine } from "../../src/events/signature.js";
import { anyEvent, anyFormat } from "./arbitraries.js";
import { altered, signedByVectorKey, vectorKey } from "./vectors.js";

/** A reader of CEF that must stay quick tries 16 ends of a value and no more; an event has some ten fields of its own. */
function imitatesTooMuch(line: string): boolean {
  return (line.match(/ [a-z_]+=/g) ?? []).length > 24;
}

describe("parsing what was formatted", () => {
  test("gives the same event back, whatever user agents and queries hold", () => {
    fc.assert(
      fc.property(anyEvent, anyFormat, (event, format) => {
        const line = formatEvent(event, format);
        // Unsigned CEF that ends like a signature can't be told from signed CEF.
        fc.pre(!/ sig=\S*$/.test(line));
        fc.pre(!imitatesTooMuch(line));
        const parsed = parseLine(line);
        expect(parsed.format).toBe(format);
        expect(toAuditEvent(parsed)).toEqual(event);
      }),
    );
  });

  test("gives the same event back when the line is signed, and the signature apart", () => {
    fc.assert(
      fc.property(anyEvent, anyFormat, (event, format) => {
        const line = signLine(formatEvent(event, format), format, vectorKey.privateKey);
        fc.pre(!imitatesTooMuch(line));
        const parsed = parseLine(line);
        expect(toAuditEvent(parsed)).toEqual(event);
        expect(parsed.signature).toMatch(/^[\w-]{86}$/);
      }),
      { numRuns: 50 },
    );
  });

  test("keeps every digit of a numeric trace_id", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const line = formatJson(event, { numericTraceId: true });
        expect(parseLine(line).traceId).toBe(event.trace_id);
      }),
    );
  });
});

describe("published lines", () => {
  test("an authorization line in CEF has the documented fields", () => {
    const { fields, kind, complete, severity } = parseLine(altered.authorization);
    expect({ kind, complete, severity }).toEqual({
      kind: "authorization",
      complete: true,
      severity: 1,
    });
    expect(Object.fromEntries(fields)).toEqual({
      event_ts: "2025-06-18T21:02:36Z",
      cef_version: "0",
      event_vendor: "KongInc",
      event_product: "Konnect",
      event_version: "1.0",
      event_class_id: "konnect",
      name: "Authz.control-planes",
      severity: "1",
      rt: "1750280466889",
      src: "127.0.0.6",
      action: "list",
      granted: "true",
      org_id: "777db3e4-5cb7-4dd5-b51c-9878096a6999",
      principal_id: "eb999f01-5976-4f4b-9fbc-dd5d514bd675",
      trace_id: "3959872677347089807",
      user_agent: "grpc-node-js/1.12.4",
      sig: "KbLaBhQFnggT_8CyC95b777R1_fGvvLVDn7awjZK8eZLdGPrSvnS-sxJw63j930eKr-VTsQv8-TQTD_GVmAPAQ",
    });
  });

  test("a Dev Portal login has its portal and an empty user agent", () => {
    const parsed = parseLine(altered.portalLogin);
    expect(parsed.complete).toBe(true);
    expect(parsed.fields.get("event_product")).toBe("Dev-Portal");
    expect(parsed.fields.get("portal_id")).toBe("3e551b39-227d-4297-b911-e68fd5d77c17");
    expect(parsed.userAgent).toBe("");
  });

  test("a JSON line keeps a trace_id beyond 2^53", () => {
    expect(parseLine(signedByVectorKey.json).traceId).toBe("3895213347334635099");
  });

  test("formatting the parsed lines gives the published bytes back", () => {
    const cef = toAuditEvent(parseLine(signedByVectorKey.cef));
    const json = toAuditEvent(parseLine(signedByVectorKey.json));
    const login = toAuditEvent(parseLine(altered.portalLogin));
    expect(cef && formatEvent(cef, "cef")).toBe(signedByVectorKey.cef.split(" sig=")[0]);
    expect(login && formatEvent(login, "cef")).toBe(altered.portalLogin.split(" sig=")[0]);
    expect(json && formatJson(json, { numericTraceId: true })).toBe(
      `${signedByVectorKey.json.split(',"sig"')[0]}}`,
    );
  });
});

describe("a line that is not as documented", () => {
  const [, rest = ""] = altered.authorization.split("konghq.com ");

  test.each([
    ["an old syslog prefix", `Apr 14 05:39:08 konghq.com ${rest}`, "Apr 14 05:39:08"],
    ["no prefix", rest, undefined],
    ["no time stamp", `konghq.com ${rest}`, undefined],
    ["a line break's carriage return", `${altered.authorization}\r`, "2025-06-18T21:02:36Z"],
  ])("with %s is read", (_, line, eventTs) => {
    const parsed = parseLine(line);
    expect(parsed.eventTs).toBe(eventTs);
    expect(parsed.userAgent).toBe("grpc-node-js/1.12.4");
    expect(parsed.signature).toHaveLength(86);
  });

  test("that was cut off gives what is left and says that it is not complete", () => {
    const line = altered.authorization.slice(0, altered.authorization.indexOf(" trace_id="));
    const parsed = parseLine(line);
    expect(parsed.complete).toBe(false);
    expect(parsed.principalId).toBe("eb999f01-5976-4f4b-9fbc-dd5d514bd675");
    expect(parsed.traceId).toBeUndefined();
  });

  test("because it was made to be slow to read is read all the same", () => {
    const forged = " user_agent=1".repeat(5e4) + " trace_id=1 query={".repeat(5e4);
    const parsed = parseLine(
      `CEF:0|KongInc|Konnect|1.0|x|Ingress|1|rt=1 src=::1 principal_name=${forged}`,
    );
    expect(parsed.complete).toBe(false);
    expect(parsed.fields.get("src")).toBe("::1");
  });

  test("with an unknown name, severity or product is read without a kind", () => {
    const parsed = parseLine(
      '{"name":"Novel.event","severity":"grave","event_product":"Mesh","nested":{"a":[1,"}"]},"n":1e3}',
    );
    expect(parsed.kind).toBeUndefined();
    expect(parsed.severity).toBeUndefined();
    expect(parsed.fields.get("nested")).toBe('{"a":[1,"}"]}');
    expect(parsed.fields.get("n")).toBe("1e3");
  });

  test.each(["", "hello", "{", "[]", '{"a":1}x', "CEF:0|KongInc"])(
    "and no event at all (%j) is an error with a code",
    (line) => {
      expect(() => parseLine(line)).toThrowError(
        expect.objectContaining({ code: "EVENT_LINE_UNREADABLE" }),
      );
    },
  );
});
