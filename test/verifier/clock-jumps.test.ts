import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/core/clock.js";
import { verify } from "../../src/verifier/verify.js";
import { createVirtualClock } from "../support/virtual-clock.js";
import { type SimulatedRegion, simulateKonnect } from "./simulated-konnect.js";

const hour = 3_600_000;

interface Jump {
  /** Milliseconds after the begin. */
  after: number;
  /** Milliseconds that the wall clock goes forward, or back. */
  by: number;
}

/** A verification whose machine's wall clock jumps; Konnect's doesn't. */
async function verifyWith(region: SimulatedRegion, jumps: readonly Jump[]) {
  const virtual = createVirtualClock();
  const { client } = simulateKonnect(virtual, { eu: region });
  const begin = virtual.monotonic();
  const shift = () =>
    jumps
      .filter(({ after }) => virtual.monotonic() - begin >= after)
      .reduce((sum, { by }) => sum + by, 0);
  const clock: Clock = { ...virtual, now: () => virtual.now() + shift() };
  const newProbeId = () => "probe";
  return virtual.run(verify({ regions: ["eu"], client, clock, within: 90_000, newProbeId }));
}

describe("a wall clock that jumps", () => {
  test("changes no verdict and no duration", async () => {
    const jumpArbitrary = fc.record({
      after: fc.integer({ min: 0, max: 100_000 }),
      by: fc.constantFrom(hour, -hour, 60_000, -60_000),
    });
    const regionArbitrary = fc.record({
      delivery: fc.oneof(fc.integer({ min: 0, max: 80_000 }), fc.constant(10 * hour)),
      latency: fc.integer({ min: 1, max: 400 }),
    });
    const jumpsArbitrary = fc.array(jumpArbitrary, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(regionArbitrary, jumpsArbitrary, async (region, jumps) => {
        const steady = await verifyWith(region, []);
        const jumped = await verifyWith(region, jumps);
        const { started_at: _, ...rest } = jumped;
        const undated = (report: typeof steady) => ({
          ...report.regions[0],
          probes: report.regions[0]?.probes.map(({ sent_at: _, ...probe }) => probe),
        });
        expect(undated(jumped)).toEqual(undated(steady));
        expect(rest.duration_ms).toBe(steady.duration_ms);
        expect(rest.exit_code).toBe(steady.exit_code);
      }),
    );
  });
});

describe("a verification that is given numbers", () => {
  const clock = createVirtualClock();
  const { client } = simulateKonnect(clock, { eu: { delivery: 0, latency: 1 } });
  const unusable = fc.oneof(
    fc.constantFrom(0, -1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.double({ max: 0 }),
    fc.double({ min: 8 * 24 * hour }),
  );

  test("refuses pauses and limits that are no time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("every", "within"), unusable, async (name, value) => {
        const work = verify({ regions: ["eu"], client, clock, [name]: value });
        await expect(work).rejects.toMatchObject({ code: "VERIFY_DURATION_OUT_OF_RANGE" });
      }),
    );
  });

  test.each([0, -1, 1.5, 1_000, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %d probes",
    async (probes) => {
      const work = verify({ regions: ["eu"], client, clock, probes });
      await expect(work).rejects.toMatchObject({ code: "VERIFY_COUNT_OUT_OF_RANGE" });
    },
  );
});
