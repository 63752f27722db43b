import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { describeEvent } from "../../src/receiver/describe-event.js";
import { probeIdOf, probeUserAgent } from "../../src/receiver/probe-marker.js";
import { receivedEvent } from "../../src/receiver/received-event.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

const { key } = testKey();

describe("an event as one readable line", () => {
  test("tells time, severity, name, what was done, by whom, from where and the signature", () => {
    const received = receivedEvent(Buffer.from(signedLine(key)), { outcome: "valid", kid: "k" }, 0);
    expect(describeEvent(received)).toBe(
      "2026-11-22T10:00:00Z  [ 1]  Authz.webhook  read granted=true  by eb999f01-5976-4f4b-9fbc-dd5d514bd675  from 203.0.113.7  curl/8.5.0  signed",
    );
  });

  test.each([
    [0, "\u001b[2m"],
    [1, "\u001b[2m"],
    [6, "\u001b[33m"],
    [7, "\u001b[31m"],
    [10, "\u001b[31m"],
  ])("has the colour of its severity: %i", (severity, colour) => {
    const line = signedLine(key, webhookRead({ severity }));
    const received = receivedEvent(Buffer.from(line), { outcome: "unsigned" }, 0);
    const mark = `[${String(severity).padStart(2)}]`;
    expect(describeEvent(received, pc.createColors(true))).toContain(`${colour}${mark}`);
  });

  test("shows control characters of a caller's User-Agent escaped", () => {
    const line = signedLine(key, webhookRead({ user_agent: "evil\u001b[2J" }), "json");
    const received = receivedEvent(Buffer.from(line), { outcome: "unsigned" }, 0);
    expect(describeEvent(received)).toContain("evil\\x1b[2J");
  });

  test("shows what reorders, hides or begins a CI system's command, and cuts what is long", () => {
    const userAgent = `\u202eevil\u2066\u200b ::error::x ##[group] ${"u".repeat(500)}`;
    const line = signedLine(key, webhookRead({ user_agent: userAgent }), "json");
    const shown = describeEvent(receivedEvent(Buffer.from(line), { outcome: "unsigned" }, 0));
    expect(shown).toContain("\\u202eevil\\u2066\\u200b");
    expect(shown).not.toMatch(/\p{Cf}|::error|##\[/u);
    expect(shown.length).toBeLessThan(500);
    const text = receivedEvent(
      Buffer.from("no event \u202e::error::x"),
      { outcome: "unsigned" },
      0,
    );
    expect(describeEvent(text)).not.toMatch(/\p{Cf}|::error/u);
  });

  test("tells an invalid signature loudly", () => {
    const verdict = { outcome: "invalid", reason: "no key matches" } as const;
    const received = receivedEvent(Buffer.from(signedLine(key)), verdict, 0);
    expect(describeEvent(received)).toMatch(/INVALID SIGNATURE$/);
  });
});

describe("a received line", () => {
  test("that is not UTF-8 keeps its bytes", () => {
    const bytes = Buffer.from([0x63, 0xff, 0xfe]);
    const received = receivedEvent(bytes, { outcome: "unsigned" }, 0);
    expect(Buffer.from(received.raw_base64 ?? "", "base64")).toEqual(bytes);
  });

  test("keeps every digit of a numeric trace_id", () => {
    const line = '{"name":"Authz.webhook","trace_id":3895213347334635099}';
    const received = receivedEvent(Buffer.from(line), { outcome: "unsigned" }, 0);
    expect(received.event?.trace_id).toBe("3895213347334635099");
  });
});

describe("a probe's marker", () => {
  test("is found in the User-Agent that it was put into, also behind other products", () => {
    expect(probeIdOf(probeUserAgent("a-1"))).toBe("a-1");
    expect(probeIdOf(`proxy/1.0 ${probeUserAgent("a-1")} (x)`)).toBe("a-1");
    expect(probeIdOf("not-konnect-audit-probe/a-1")).toBeUndefined();
    expect(probeIdOf(undefined)).toBeUndefined();
  });
});
