import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPacer } from "../../src/verifier/pacer.js";
import { verify } from "../../src/verifier/verify.js";
import { createVirtualClock } from "../support/virtual-clock.js";
import { type SimulatedRegion, simulateKonnect } from "./simulated-konnect.js";

const names = ["us", "eu", "au", "me", "in", "sg", "zz"];
const every = 1_000;
const longestPause = 10_000;
const within = 90_000;

const regionArbitrary = fc.record({
  delivery: fc.integer({ min: 0, max: 80_000 }),
  latency: fc.integer({ min: 1, max: 400 }),
});
const regionsArbitrary = fc
  .array(regionArbitrary, { minLength: 1, maxLength: names.length })
  .map((list) => Object.fromEntries(list.map((region, i) => [names[i] ?? "", region])));

/** A whole verification in virtual time. */
async function verifyIn(regions: Readonly<Record<string, SimulatedRegion>>) {
  const clock = createVirtualClock();
  const { client, calls, truths } = simulateKonnect(clock, regions);
  const verdictAt = new Map<string, number>();
  const options = { regions: Object.keys(regions), client, clock, within, every };
  const report = await clock.run(
    verify({
      ...options,
      onProgress: (region, { kind }) => {
        if (kind === "verdict") verdictAt.set(region, clock.now());
      },
    }),
  );
  return { report, calls, truths, verdictAt };
}

/** The calls but for each region's first two, which wait for nobody. */
function looks(calls: readonly { region: string; at: number }[]): number[] {
  const seen = new Map<string, number>();
  return calls
    .filter(({ region }) => {
      const count = (seen.get(region) ?? 0) + 1;
      seen.set(region, count);
      return count > 2;
    })
    .map(({ at }) => at);
}

/** The most that fell into any one second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((begin) => times.filter((at) => at >= begin && at < begin + 1_000).length),
  );
}

describe("a verification", () => {
  test("has its verdict at most one pause after the truth is visible", async () => {
    await fc.assert(
      fc.asyncProperty(regionsArbitrary, async (regions) => {
        const { report, truths, verdictAt } = await verifyIn(regions);
        for (const { region, verdict } of report.regions) {
          expect(verdict).toBe("accepting");
          const { delivery, latency } = regions[region] ?? expect.fail("an unknown region");
          const truth = truths.get(region) ?? expect.fail("no probe was sent");
          // Each pause is as long as the first and half of the time that has passed since the probe.
          const pause = Math.min(longestPause, every + (delivery + latency) / 2);
          // A second for the turn among the regions, a latency for the answer itself.
          const late = (verdictAt.get(region) ?? Number.POSITIVE_INFINITY) - truth;
          expect(late).toBeLessThanOrEqual(pause + 1_000 + 2 * latency);
        }
      }),
    );
  });

  test("looks at Konnect seven times in a second at most, over all regions", async () => {
    await fc.assert(
      fc.asyncProperty(regionsArbitrary, async (regions) => {
        const { calls } = await verifyIn(regions);
        expect(mostInASecond(looks(calls))).toBeLessThanOrEqual(7);
      }),
    );
  });

  test("of seven regions takes no longer than the slowest of them and 10 %", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(regionArbitrary, { minLength: names.length, maxLength: names.length }),
        async (list) => {
          const regions = Object.fromEntries(list.map((region, i) => [names[i] ?? "", region]));
          const alone: number[] = [];
          for (const [name, region] of Object.entries(regions)) {
            alone.push((await verifyIn({ [name]: region })).report.duration_ms);
          }
          const { duration_ms: together } = (await verifyIn(regions)).report;
          expect(together).toBeLessThanOrEqual(Math.max(...alone) * 1.1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("looks less and less often, and is not hurried by looks that took long", async () => {
    const { calls } = await verifyIn({ us: { delivery: 1_000_000, latency: 3_000 } });
    const times = looks(calls);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(times.length).toBeLessThanOrEqual(14);
    // A look takes three seconds here: none begins before the one before it has ended.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3_000);
    expect(Math.max(...pauses)).toBeGreaterThanOrEqual(longestPause);
  });
});

describe("the pacer", () => {
  test("lets no more through in any second than it may, and none later than need be", async () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 8 }), async (gaps, limit) => {
        const clock = createVirtualClock();
        const pacer = createPacer(clock, limit);
        const asked: number[] = [];
        const through: number[] = [];
        const callers = async () => {
          const waiting: Promise<unknown>[] = [];
          for (const gap of gaps) {
            await clock.sleep(gap);
            asked.push(clock.now());
            waiting.push(pacer().then(() => through.push(clock.now())));
          }
          await Promise.all(waiting);
        };
        await clock.run(callers());
        expect(mostInASecond(through)).toBeLessThanOrEqual(limit);
        for (const [index, at] of through.entries()) {
          const earliest = (through[index - limit] ?? Number.NEGATIVE_INFINITY) + 1_000;
          expect(at).toBe(Math.max(asked[index] ?? 0, earliest));
        }
      }),
    );
  });
});
