import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { webhookAnswer, webhookStatusAnswer } from "../../src/konnect/wire.js";
import { judge, type Observations } from "../../src/verifier/judge.js";
import { evidenceLevels } from "../../src/verifier/verdicts.js";

const probedAt = Date.parse("2026-11-22T10:00:00Z");
const at = (seconds: number) => new Date(probedAt + seconds * 1000).toISOString();

function status(fields: Record<string, unknown> = {}) {
  return webhookStatusAnswer.parse({ webhook_enabled: true, webhook_status: "active", ...fields });
}

function attempt(seconds: number, code: number | null, message: string | null, word = "active") {
  return status({
    webhook_status: word,
    last_attempt_at: at(seconds),
    last_response_code: code,
    last_response_message: message,
  });
}

function seen(changes: Partial<Observations> = {}): Observations {
  return {
    webhook: webhookAnswer.parse({ endpoint: "https://siem.example.com/in", enabled: true }),
    differs: false,
    baseline: attempt(-60, 200, "OK"),
    probedAt,
    status: attempt(-60, 200, "OK"),
    statusAt: probedAt + 5_000,
    failingSince: undefined,
    arrivals: [[]],
    required: "status",
    deadlinePassed: false,
    retryWindow: 15_000,
    ...changes,
  };
}

const unconfigured = webhookAnswer.parse({ endpoint: "unconfigured", enabled: false });
const disabled = webhookAnswer.parse({ endpoint: "https://siem.example.com", enabled: false });

describe("the verdict", () => {
  test.each<[string, Partial<Observations>, string, boolean]>([
    ["no webhook", { webhook: unconfigured }, "unconfigured", true],
    ["a webhook that is turned off", { webhook: disabled }, "disabled", true],
    ["a webhook unlike the expected one", { differs: true }, "misconfigured", true],
    ["no attempt yet", {}, "silent", false],
    ["no attempt until the deadline", { deadlinePassed: true }, "silent", true],
    ["an accepted attempt", { status: attempt(1, 202, "Accepted") }, "accepting", true],
    ["an attempt in the probe's second", { status: attempt(0.4, 200, "OK") }, "accepting", true],
    ["an attempt before the probe", { status: attempt(-1, 200, "OK") }, "silent", false],
    ["a refused attempt before the probe", { status: attempt(-1, 401, "") }, "silent", false],
    ["401", { status: attempt(1, 401, "Unauthorized") }, "refused", true],
    ["403", { status: attempt(1, 403, "Forbidden") }, "refused", true],
    ["404", { status: attempt(1, 404, "Not Found") }, "refused", true],
    ["a redirect", { status: attempt(1, 302, "Found") }, "refused", true],
    [
      "an untrusted certificate",
      { status: attempt(1, null, "x509: certificate signed by unknown authority") },
      "refused",
      true,
    ],
    ["500, still active", { status: attempt(1, 500, "") }, "retrying", false],
    ["429, still active", { status: attempt(1, 429, "") }, "retrying", false],
    ["no connection", { status: attempt(1, null, "connection refused") }, "retrying", false],
    [
      "500 and inactive at once: repetitions may be under way",
      { status: attempt(1, 500, "", "inactive"), failingSince: probedAt + 1_000 },
      "retrying",
      false,
    ],
    [
      "500 and inactive after the repetitions' time",
      {
        status: attempt(16, 500, "", "inactive"),
        failingSince: probedAt + 1_000,
        statusAt: probedAt + 16_500,
      },
      "failing",
      true,
    ],
    [
      "500 and active at the deadline",
      { status: attempt(80, 500, ""), deadlinePassed: true },
      "retrying",
      true,
    ],
    [
      "500 and inactive at the deadline",
      { status: attempt(80, 500, "", "inactive"), deadlinePassed: true },
      "failing",
      true,
    ],
    ["the event, signed", { arrivals: [["valid", "valid"]] }, "delivered", true],
    ["the event, unsigned", { arrivals: [["unsigned"]] }, "delivered", true],
    [
      "the event, unsigned, where a signature is asked for",
      { arrivals: [["unsigned"]], required: "signature" },
      "unverifiable",
      true,
    ],
    [
      "the event, without a key, where a signature is asked for",
      { arrivals: [["unverifiable"]], required: "signature" },
      "unverifiable",
      true,
    ],
    ["the event with a wrong signature", { arrivals: [["invalid"]] }, "unverifiable", true],
    [
      "one right and one wrong signature",
      { arrivals: [["valid", "invalid"]] },
      "unverifiable",
      true,
    ],
    [
      "an accepted attempt without the event, where it is asked for",
      { status: attempt(1, 200, "OK"), required: "receiver" },
      "accepting",
      false,
    ],
    [
      "one of two probes, and accepted attempts",
      { arrivals: [["valid"], []], status: attempt(1, 200, "OK"), required: "receiver" },
      "accepting",
      false,
    ],
    [
      "the event, although the newest attempt was refused",
      { arrivals: [["valid"]], status: attempt(1, 401, "") },
      "delivered",
      true,
    ],
  ])("for %s", (_name, changes, verdict, final) => {
    const judgement = judge(seen(changes));
    expect([judgement.verdict, judgement.final]).toEqual([verdict, final]);
  });

  test("without Konnect's Date needs an attempt that the status did not know before", () => {
    const before = attempt(-60, 200, "OK");
    expect(judge(seen({ probedAt: undefined, status: before })).verdict).toBe("silent");
    const after = attempt(-5, 200, "OK");
    expect(judge(seen({ probedAt: undefined, status: after })).verdict).toBe("accepting");
  });

  const statuses = fc.record({
    webhook_enabled: fc.boolean(),
    webhook_status: fc.constantFrom("active", "inactive", "unconfigured", "something new"),
    last_attempt_at: fc.option(fc.integer({ min: -100, max: 100 }).map(at)),
    last_response_code: fc.option(fc.integer({ min: 0, max: 999 })),
    last_response_message: fc.option(fc.string()),
  });

  test("is never `delivered` without a marked event of every probe, whatever the status says", () => {
    fc.assert(
      fc.property(
        statuses,
        fc.array(fc.array(fc.constantFrom("valid", "invalid", "unsigned", "unverifiable"))),
        fc.constantFrom(...evidenceLevels),
        fc.boolean(),
        (answer, arrivals, required, deadlinePassed) => {
          const observations = seen({
            status: webhookStatusAnswer.parse(answer),
            arrivals: [...arrivals, []],
            required,
            deadlinePassed,
          });
          expect(judge(observations).verdict).not.toBe("delivered");
        },
      ),
    );
  });

  test("never gets better by the deadline, and is always final there", () => {
    fc.assert(
      fc.property(statuses, fc.constantFrom(...evidenceLevels), (answer, required) => {
        const changes = { status: webhookStatusAnswer.parse(answer), required };
        const before = judge(seen(changes));
        const after = judge(seen({ ...changes, deadlinePassed: true }));
        expect(after.final).toBe(true);
        if (after.verdict !== before.verdict) {
          expect([before.verdict, after.verdict]).toEqual(["retrying", "failing"]);
        }
      }),
    );
  });
});
