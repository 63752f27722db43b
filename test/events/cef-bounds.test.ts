import { describe, expect, test } from "vitest";
import { cutCefSignature, parseCef, startBehindRelay } from "../../src/events/cef.js";

const konnects = "2026-11-20T09:15:30Z konghq.com ";
const head = "CEF:0|KongInc|Konnect|1.0|konnect|Authz.a|1|";
const fieldsOf = (extensions: string) => Object.fromEntries(parseCef(`${head}${extensions}`) ?? []);

describe("a field that stands twice before the user agent", () => {
  test("counts as it stands first: what follows may be text that imitates it", () => {
    const fields = fieldsOf(
      "rt=1 principal_id=real src=::1 principal_id=FORGED action=list granted=true org_id=o trace_id=t user_agent=x",
    );
    expect(fields.principal_id).toBe("real");
  });

  test("counts as it stands first in a line of any order", () => {
    const fields = fieldsOf("user_agent=x principal_id=a rt=1");
    expect(fields.user_agent).toBe("x principal_id=a rt=1");
    expect(fieldsOf("device=old box src=1 src=2 user_agent=x").src).toBe("1");
  });

  test("counts as it stands last behind a principal's name, which is the principal's own text", () => {
    const fields = fieldsOf(
      "rt=1 src=::1 action=a granted=true org_id=o principal_id=p principal_name=Ada trace_id=FORGED trace_id=real user_agent=x",
    );
    expect(fields.trace_id).toBe("real");
    expect(
      fieldsOf("principal_id=p principal_name=Ada principal_id=FORGED user_agent=x").principal_id,
    ).toBe("p");
  });
});

describe("the header of a CEF line", () => {
  test("has seven fields, whose pipes and backslashes may be escaped", () => {
    const fields = Object.fromEntries(
      parseCef(`${konnects}CEF:0|Kong\\|Inc|Kon\\\\nect|1\\.0|a|b|5|rt=1 user_agent=x`) ?? [],
    );
    expect(fields).toMatchObject({
      event_ts: "2026-11-20T09:15:30Z",
      cef_version: "0",
      event_vendor: "Kong|Inc",
      event_product: "Kon\\nect",
      event_version: "1\\.0",
      event_class_id: "a",
      name: "b",
      severity: "5",
      rt: "1",
    });
  });

  test.each(["", "CEF:", "CEF:0|a|b|c|d|e|5", "CEF:0|a|b|c|d|e\\|5|", "cef:0|a|b|c|d|e|5|x"])(
    "is not in %j",
    (line) => {
      expect(parseCef(line)).toBeUndefined();
    },
  );

  test("may be the whole line", () => {
    expect(parseCef("CEF:0|a|b|c|d|e|5|")?.get("severity")).toBe("5");
  });
});

describe("the signature of a CEF line", () => {
  test.each([
    ["a sig=x", { payload: "a", signature: "x" }],
    ["a\tsig=x", { payload: "a", signature: "x" }],
    ["a \t sig=x \t\r", { payload: "a", signature: "x" }],
    ["a sig=x sig=y", { payload: "a sig=x", signature: "y" }],
    ["a sig=x\tsig=y", { payload: "a sig=x", signature: "y" }],
    ["a\tsig=x sig=y", { payload: "a\tsig=x", signature: "y" }],
    [" sig=x", { payload: "", signature: "x" }],
    ["a sig=", { payload: "a", signature: "" }],
    ["a\u00a0 sig=x\u00a0", { payload: "a\u00a0", signature: "x\u00a0" }],
    ["sig=x", undefined],
    ["a sig=x y", undefined],
    ["a sig=x\ty", undefined],
    ["a", undefined],
  ])("of %j is %j", (line, expected) => {
    expect(cutCefSignature(line)).toEqual(expected);
  });
});

describe("Konnect's own line", () => {
  const own = `${konnects}${head}rt=1`;

  test.each([
    "<134>Nov 20 09:15:31 relay01 ",
    "Nov  7 09:15:31 relay01 ",
    "Nov 20 09:15:31 relay01 app[1]: ",
    "<14>1 2026-11-20T09:15:31.220Z relay01 app - - - ",
    "<14>1 2026-11-20T09:15:31+01:00 relay01 app - - - ",
    "1 2026-11-20 09:15:31Z relay01 ",
    "423 <14>1 2026-11-20T09:15:31Z relay01 app - - - ",
    "1234567 <134>Nov 20 09:15:31 relay01 ",
  ])("begins behind the header of a relay: %j", (relay) => {
    expect(startBehindRelay(`${relay}${own}`)).toBe(relay.length);
    expect(parseCef(`${relay}${own}`)?.get("event_ts")).toBe("2026-11-20T09:15:30Z");
  });

  test.each([
    "",
    "x ",
    "relay01 ",
    "<134> relay01 ",
    "<1345>Nov 20 09:15:31 relay01 ",
    "12345678 <134>Nov 20 09:15:31 relay01 ",
    "x <134>Nov 20 09:15:31 relay01 ",
    "Nov 20 09:15:31 ",
  ])("begins at once where %j is no header of a relay", (before) => {
    expect(startBehindRelay(`${before}${own}`)).toBe(0);
  });

  test("is the whole of a line without CEF, or without a time", () => {
    expect(startBehindRelay("hello")).toBe(0);
    expect(startBehindRelay(`<134>Nov 20 09:15:31 relay01 ${head}rt=1`)).toBe(0);
  });

  test.each([
    ["2026-11-20T09:15:30Z ", "2026-11-20T09:15:30Z"],
    ["2026-11-20T09:15:30.123456789Z konghq.com ", "2026-11-20T09:15:30.123456789Z"],
    ["2026-11-20 09:15:30+00:00 konghq.com ", "2026-11-20 09:15:30+00:00"],
    ["Nov 20 09:15:30 konghq.com ", "Nov 20 09:15:30"],
    ["<5>2026-11-20T09:15:30Z konghq.com ", "2026-11-20T09:15:30Z"],
    ["2026-11-20T09:15:30Z kong hq.com ", undefined],
    ["x2026-11-20T09:15:30Z konghq.com ", undefined],
    ["", undefined],
  ])("with the prefix %j is of %s", (prefix, time) => {
    expect(parseCef(`${prefix}${head}rt=1`)?.get("event_ts")).toBe(time);
  });

  test("has no time in a prefix longer than any relay's", () => {
    const prefix = (length: number) => `${"x".repeat(length - konnects.length - 1)} ${konnects}`;
    expect(parseCef(`${prefix(512)}${head}rt=1`)?.get("event_ts")).toBe("2026-11-20T09:15:30Z");
    expect(parseCef(`${prefix(513)}${head}rt=1`)?.get("event_ts")).toBeUndefined();
  });
});
