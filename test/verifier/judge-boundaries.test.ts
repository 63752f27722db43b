import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText } from "../../src/core/foreign-text.js";
import { webhookAnswer, webhookStatusAnswer } from "../../src/konnect/wire.js";
import {
  attemptAfterProbe,
  combineSignatures,
  judge,
  type Observations,
} from "../../src/verifier/judge.js";

const probedAt = Date.parse("2026-11-22T10:00:00Z");
const at = (milliseconds: number) => new Date(probedAt + milliseconds).toISOString();

function attempt(milliseconds: number, code: number, word = "active") {
  return webhookStatusAnswer.parse({
    webhook_enabled: true,
    webhook_status: word,
    last_attempt_at: at(milliseconds),
    last_response_code: code,
    last_response_message: "",
  });
}

function seen(changes: Partial<Observations> = {}): Observations {
  return {
    webhook: webhookAnswer.parse({ endpoint: "https://siem.example.com/in", enabled: true }),
    differs: false,
    baseline: attempt(-60_000, 200),
    probedAt,
    status: attempt(-60_000, 200),
    statusAt: probedAt + 5_000,
    failingSince: undefined,
    arrivals: [[]],
    required: "status",
    deadlinePassed: false,
    retryWindow: 15_000,
    ...changes,
  };
}

describe("signatures together", () => {
  // A fault that may be an attack first, then what keeps anything from being proven.
  const order = ["invalid", "unverifiable", "unsigned", "valid"] as const;

  test("are the worst of them, whatever their order", () => {
    fc.assert(
      fc.property(fc.subarray([...order], { minLength: 1 }), fc.nat(), (some, turn) => {
        const turned = [...some.slice(turn % some.length), ...some.slice(0, turn % some.length)];
        expect(combineSignatures(turned)).toBe(order.find((outcome) => some.includes(outcome)));
        expect(combineSignatures(turned.toReversed())).toBe(combineSignatures(turned));
      }),
    );
  });

  test("of nothing are nothing", () => {
    expect(combineSignatures([])).toBeNull();
  });

  test.each([
    [[["unsigned"], ["unverifiable"]], "unverifiable"],
    [[["valid"], ["unsigned"]], "unsigned"],
    [[["valid"], ["valid"]], "valid"],
    [[["valid"], []], "valid"],
    [[[], []], null],
  ] as const)("of probes %j are shown as %s", (arrivals, signature) => {
    expect(judge(seen({ arrivals, required: "receiver" })).signature).toBe(signature);
  });

  test("of a webhook that can't deliver are not looked at", () => {
    expect(judge(seen({ differs: true, arrivals: [["valid"]] }))).toEqual({
      verdict: "misconfigured",
      signature: null,
      final: true,
    });
  });
});

describe("an event of every probe", () => {
  test("is asked for: no probe at all is none", () => {
    expect(judge(seen({ arrivals: [] })).verdict).toBe("silent");
  });

  test.each([
    ["status", ["unverifiable"], "delivered"],
    ["receiver", ["unverifiable"], "delivered"],
    ["receiver", ["unsigned"], "delivered"],
    ["signature", ["unsigned"], "unverifiable"],
    ["signature", ["valid", "unsigned"], "unverifiable"],
    ["signature", ["valid"], "delivered"],
    ["status", ["invalid"], "unverifiable"],
  ] as const)("with evidence %s and signatures %j is %s", (required, signatures, verdict) => {
    expect(judge(seen({ arrivals: [signatures], required }))).toMatchObject({
      verdict,
      final: true,
    });
  });

  test("with a wrong signature is final although another probe's has not come", () => {
    expect(judge(seen({ arrivals: [["invalid"], []] }))).toMatchObject({
      verdict: "unverifiable",
      final: true,
    });
  });
});

describe("an accepted attempt", () => {
  test.each([
    ["status", true],
    ["receiver", false],
    ["signature", false],
  ] as const)("with evidence %s settles it: %j", (required, final) => {
    const judgement = judge(seen({ status: attempt(1_000, 200), required }));
    expect(judgement).toMatchObject({ verdict: "accepting", final });
  });
});

describe("an attempt after the probe", () => {
  const timeOf = (changes: Partial<Observations>) =>
    attemptAfterProbe(seen(changes), cleanText)?.at;

  test.each([
    [-1, undefined],
    [0, probedAt],
    [1, probedAt + 1],
  ])("%i ms later counts: %j", (milliseconds, expected) => {
    expect(timeOf({ status: attempt(milliseconds, 200) })).toBe(expected);
  });

  test("is none when the status knew it before the probe", () => {
    const known = attempt(500, 200);
    expect(timeOf({ status: known, baseline: known })).toBeUndefined();
    expect(timeOf({ status: known, baseline: attempt(499, 200) })).toBe(probedAt + 500);
  });

  test("is none when there was never one", () => {
    const never = webhookStatusAnswer.parse({ webhook_enabled: true, webhook_status: "active" });
    expect(timeOf({ status: never, baseline: never })).toBeUndefined();
    expect(timeOf({ status: attempt(1, 200), baseline: never })).toBe(probedAt + 1);
  });
});

describe("deliveries that fail", () => {
  const failing = (statusAt: number | undefined, failingSince: number | undefined) =>
    judge(seen({ status: attempt(1_000, 500, "inactive"), statusAt, failingSince }));

  test.each([
    [15_999, 1_000, "retrying"],
    [16_000, 1_000, "failing"],
    [16_001, 1_000, "failing"],
    [undefined, 1_000, "retrying"],
    [16_000, undefined, "retrying"],
  ])("as of %j ms, since %j ms, are %s", (statusAt, since, verdict) => {
    const judgement = failing(
      statusAt === undefined ? undefined : probedAt + statusAt,
      since === undefined ? undefined : probedAt + since,
    );
    expect(judgement).toMatchObject({ verdict, final: verdict === "failing" });
  });

  test("are repeated as long as Konnect calls the webhook active, however long that takes", () => {
    const changes = { statusAt: probedAt + 600_000, failingSince: probedAt };
    expect(judge(seen({ ...changes, status: attempt(1_000, 500) })).verdict).toBe("retrying");
  });

  test("are refused for good at once", () => {
    expect(judge(seen({ status: attempt(1_000, 403) }))).toMatchObject({
      verdict: "refused",
      final: true,
    });
  });
});
