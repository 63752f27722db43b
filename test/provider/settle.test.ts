import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText } from "../../src/core/foreign-text.js";
import { differences } from "../../src/provider/settings.js";
import { settle } from "../../src/provider/settle.js";
import { Diagnostics } from "../../src/terraform/engine/diagnostics.js";
import { createFakeClock } from "../support/fake-clock.js";

const wanted = { endpoint: "https://siem.example.com/in", enabled: true };

/** Settles against answers that come in turn; the last one comes for ever. */
async function settleAgainst(...answers: { endpoint: string; enabled: boolean }[]) {
  const clock = createFakeClock();
  const diagnostics = new Diagnostics();
  let reads = 0;
  const found = await settle(
    {
      owner: 'region "eu"',
      read: async () => answers[Math.min(reads++, answers.length - 1)] ?? wanted,
      differences: (read) => differences(["endpoint", "enabled"], wanted, read, cleanText),
    },
    { clock, diagnostics, signal: new AbortController().signal },
  );
  return { found, reads, slept: clock.slept, warnings: diagnostics.all };
}

describe("settling after a write", () => {
  test("reads once when Konnect shows what was written", async () => {
    expect(await settleAgainst(wanted)).toEqual({
      ...{ found: wanted, reads: 1, slept: [], warnings: [] },
    });
  });

  test("waits while Konnect's reads lag behind", async () => {
    const before = { ...wanted, enabled: false };
    const { slept, warnings } = await settleAgainst(before, before, wanted);
    expect(slept).toEqual([250, 500]);
    expect(warnings).toEqual([]);
  });

  test("warns, and does not fail, when another value stays; endpoints are masked", async () => {
    const theirs = { endpoint: "https://other.example.com/in?code=planted", enabled: true };
    const { found, slept, warnings } = await settleAgainst(theirs);
    expect(found).toEqual(theirs);
    expect(slept).toEqual([250, 500, 1000, 2000]);
    expect(warnings).toMatchObject([{ severity: "warning", path: ["endpoint"] }]);
    expect(warnings[0]?.detail).toContain("reads https://other.example.com/in?code=***");
    expect(warnings[0]?.detail).not.toContain("planted");
  });
});

describe("differences", () => {
  test("are none exactly when all settings are equal", () => {
    const settings = fc.record({ name: fc.string(), enabled: fc.boolean() });
    fc.assert(
      fc.property(settings, settings, (a, b) => {
        const found = differences(["name", "enabled"], a, b, cleanText).map(({ field }) => field);
        const expected = (["name", "enabled"] as const).filter((field) => a[field] !== b[field]);
        expect(found).toEqual(expected);
      }),
    );
  });
});
