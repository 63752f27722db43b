import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Health, healthOf, isHealthy } from "../../src/konnect/health.js";
import { webhookStatusAnswer } from "../../src/konnect/wire.js";

const at = "2026-11-22T10:00:00Z";
const accepted = { last_attempt_at: at, last_response_code: 202 };
const on = { webhook_enabled: true, webhook_status: "active" };
const endpoint = "https://siem.example.com/in";

function health(status: object, webhook?: { endpoint: string; enabled: boolean }): Health {
  return healthOf({ ...webhookStatusAnswer.parse({}), ...status }, webhook);
}

describe("a webhook's health", () => {
  test.each<[string, object, Health, boolean | null]>([
    ["an accepted attempt", { ...on, ...accepted }, "healthy", true],
    [
      "429 before Konnect gives up",
      { ...on, ...accepted, last_response_code: 429 },
      "failing",
      false,
    ],
    [
      "500 before Konnect gives up",
      { ...on, ...accepted, last_response_code: 500 },
      "failing",
      false,
    ],
    ["a redirect", { ...on, ...accepted, last_response_code: 302 }, "failing", false],
    ["no answer at all", { ...on, last_attempt_at: at }, "failing", false],
    ["no answer, as 0", { ...on, last_attempt_at: at, last_response_code: 0 }, "failing", false],
    ["a failure without a time", { ...on, last_response_code: 401 }, "failing", false],
    [
      "a broken connection without a time",
      { ...on, last_response_message: "refused" },
      "failing",
      false,
    ],
    ["inactive", { ...on, webhook_status: "inactive", ...accepted }, "failing", false],
    ["inactive without an attempt", { ...on, webhook_status: "inactive" }, "failing", false],
    ["paused after a success", { ...on, webhook_enabled: false, ...accepted }, "paused", false],
    [
      "no webhook",
      { webhook_enabled: false, webhook_status: "unconfigured" },
      "unconfigured",
      false,
    ],
    ["an empty answer", {}, "unconfigured", false],
    ["no attempt yet", on, "untried", null],
    ["a word that is new", { ...on, webhook_status: "degraded", ...accepted }, "unknown", null],
    [
      "a time that is none",
      { ...on, last_attempt_at: "soon", last_response_code: 200 },
      "unknown",
      null,
    ],
  ])("with %s is judged in one place", (_name, status, expected, healthy) => {
    expect(health(status)).toBe(expected);
    expect(isHealthy(health(status))).toBe(healthy);
  });

  test("goes by the settings where they are known", () => {
    const status = { ...on, ...accepted };
    expect(health(status, { endpoint, enabled: true })).toBe("healthy");
    expect(health(status, { endpoint, enabled: false })).toBe("paused");
    expect(health(status, { endpoint: "unconfigured", enabled: true })).toBe("unconfigured");
  });

  test("is well only after an acceptance of an enabled, active webhook, whatever else is answered", () => {
    const answer = fc.record(
      {
        webhook_enabled: fc.boolean(),
        webhook_status: fc.oneof(
          fc.constantFrom("active", "inactive", "unconfigured"),
          fc.string(),
        ),
        last_attempt_at: fc.oneof(fc.constantFrom(at, null), fc.string()),
        last_response_code: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 999 })),
        last_response_message: fc.oneof(fc.constant(null), fc.string()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(answer, (status) => {
        if (isHealthy(health(status)) !== true) return;
        expect(status).toMatchObject({ webhook_enabled: true, webhook_status: "active" });
        expect(Math.floor((status.last_response_code ?? 0) / 100)).toBe(2);
        expect(Date.parse(status.last_attempt_at ?? "")).not.toBeNaN();
      }),
    );
  });
});
