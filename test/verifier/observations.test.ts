import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SignatureOutcome } from "../../src/receiver/received-event.js";
import { combineSignatures } from "../../src/verifier/judge.js";
import { verify } from "../../src/verifier/verify.js";
import { createVirtualClock } from "../support/virtual-clock.js";
import { simulateKonnect } from "./simulated-konnect.js";

describe("the signatures of several events", () => {
  const worstFirst: readonly SignatureOutcome[] = ["invalid", "unverifiable", "unsigned", "valid"];

  test("are as good as the worst: one that can't be checked may hide what a missing one can't", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...worstFirst), { minLength: 1 }), (signatures) => {
        const worst = Math.min(...signatures.map((each) => worstFirst.indexOf(each)));
        expect(combineSignatures(signatures)).toBe(worstFirst[worst]);
      }),
    );
  });
});

describe("the latency of an accepted delivery", () => {
  test("ends when the first acceptance was seen, not the newest", async () => {
    const clock = createVirtualClock();
    const { client } = simulateKonnect(clock, { eu: { delivery: 1_000, latency: 10 } });
    const begin = clock.monotonic();
    // Other events of the organisation keep the status fresh; the probe itself never comes to the receiver.
    const busy: typeof client = {
      ...client,
      async getWebhookStatus(region, options) {
        const answer = await client.getWebhookStatus(region, options);
        const wasTried = answer.body.last_attempt_at !== null;
        const now = new Date(clock.now()).toISOString();
        return wasTried ? { ...answer, body: { ...answer.body, last_attempt_at: now } } : answer;
      },
    };
    const seen: number[] = [];
    const report = await clock.run(
      verify({
        regions: ["eu"],
        client: busy,
        clock,
        within: 30_000,
        evidence: async () => ({ events: [], keyProblems: [] }),
        onProgress: (_, { kind }) => {
          if (kind === "attempt") seen.push(clock.monotonic() - begin);
        },
      }),
    );
    expect(seen.length).toBeGreaterThan(2);
    const [region] = report.regions;
    expect(region?.verdict).toBe("accepting");
    const probe = region?.timeline.find(({ kind }) => kind === "probe")?.after_ms ?? 0;
    const first = region?.timeline.find(({ kind }) => kind === "attempt")?.after_ms ?? 0;
    // The probe was sent when its call began, an answer before it was noted.
    expect(region?.latency_ms).toBe(first - probe + 10);
  });
});

describe("keys that a receiver could not take", () => {
  test("are named where a signature can't be checked", async () => {
    const clock = createVirtualClock();
    const { client } = simulateKonnect(clock, { eu: { delivery: 0, latency: 1 } });
    const event = {
      raw: "x",
      signature: "unverifiable" as const,
      received_at: "2026-11-22T10:00:00.000Z",
      probe_id: "p",
      event: {},
    };
    const problem = "key 7f3a was rejected: it is no Ed25519 key\u001b[31m";
    const evidence = (async () => ({
      events: [event],
      keyProblems: [problem],
    })) as unknown as NonNullable<Parameters<typeof verify>[0]["evidence"]>;
    const report = await clock.run(
      verify({ regions: ["eu"], client, clock, evidence, required: "signature" }),
    );
    expect(report.regions[0]).toMatchObject({ verdict: "unverifiable", outcome: "failed" });
    expect(report.regions[0]?.hint).toContain("key 7f3a was rejected: it is no Ed25519 key");
    expect(report.regions[0]?.hint).not.toContain("\u001b");
  });
});

describe("evidence that does not heed the signal", () => {
  test("holds a verification no longer than its limit", async () => {
    const clock = createVirtualClock();
    const { client } = simulateKonnect(clock, { eu: { delivery: 0, latency: 1 } });
    const never = new Promise<never>(() => {});
    const report = await clock.run(
      verify({ regions: ["eu"], client, clock, within: 5_000, evidence: () => never }),
    );
    expect(report.duration_ms).toBe(5_000);
    expect(report.regions[0]).toMatchObject({
      outcome: "error",
      error: { code: "VERIFY_TIME_UP" },
    });
  });
});
