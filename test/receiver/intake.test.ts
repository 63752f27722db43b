import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/core/clock.js";
import { defaultBodyLimits } from "../../src/events/batch.js";
import { Intake } from "../../src/receiver/intake.js";
import { KeyRing } from "../../src/receiver/key-ring.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

const { key, source } = testKey();
const lines = Array.from({ length: 8 }, (_, index) =>
  signedLine(key, webhookRead({ trace_id: String(index) })),
);

function intakeWith(store: (raw: string[]) => Promise<void>, remembered?: number) {
  return new Intake({
    keys: new KeyRing({ source, clock: systemClock }),
    clock: systemClock,
    limits: defaultBodyLimits,
    remembered,
    store: (events) => store(events.map(({ raw }) => raw)),
  });
}

const batches = fc.array(fc.array(fc.nat(lines.length - 1), { maxLength: 6 }), { maxLength: 8 });

describe("an intake", () => {
  test("stores each signed line once, and loses none that was acknowledged, however deliveries overlap and storing fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.boolean()),
        fc.scheduler(),
        async (sent, failures, scheduler) => {
          const stored: string[] = [];
          const outcomes = [...failures];
          const intake = intakeWith(async (raw) => {
            const fails = outcomes.shift() ?? false;
            await scheduler.schedule(Promise.resolve());
            if (fails) throw new Error("no room");
            stored.push(...raw);
          });
          const deliveries = sent.map(async (indexes) => {
            const batch = indexes.map((index) => lines[index] ?? "");
            try {
              await intake.accept(gzipSync(batch.join("\n")), "gzip");
              return batch;
            } catch {
              return [];
            }
          });
          const acknowledged = Promise.all(deliveries);
          await scheduler.waitFor(acknowledged);
          expect(new Set(stored).size).toBe(stored.length);
          expect(stored).toEqual(expect.arrayContaining((await acknowledged).flat()));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("gives others their turn while it verifies and reads the lines of a delivery", async () => {
    const intake = intakeWith(async () => undefined);
    const wrong = Array.from({ length: 2_000 }, (_, index) => `${index} sig=${"A".repeat(86)}`);
    let isDone = false;
    const accepted = intake.accept(Buffer.from(wrong.join("\n")), undefined).then(() => {
      isDone = true;
    });
    let turns = 0;
    while (!isDone) {
      await setImmediate();
      turns += 1;
    }
    await accepted;
    expect(intake.counters.invalid).toBe(2_000);
    // At least one for each slice of lines; a loop that is blocked has one or two.
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  test("has no more in work than it may, and forgets none that waits", async () => {
    let inWork = 0;
    let most = 0;
    const intake = new Intake({
      keys: new KeyRing({ source, clock: systemClock }),
      clock: systemClock,
      limits: { compressed: 1_000, decoded: 1_000 },
      bytesInWork: 2_500,
      async store() {
        inWork += 1;
        most = Math.max(most, inWork);
        await setImmediate();
        inWork -= 1;
      },
    });
    const body = Buffer.from("x".repeat(1_000));
    await Promise.all(Array.from({ length: 9 }, () => intake.accept(body, undefined)));
    expect(intake.counters.events).toBe(9);
    expect(most).toBe(2);
  });

  test.each(["rejected", "fulfilled"] as const)(
    "gives a line that another delivery is storing the same end: %s",
    async (end) => {
      let finish: (() => void) | undefined;
      const intake = intakeWith(
        () =>
          new Promise((resolve, reject) => {
            finish = end === "fulfilled" ? resolve : () => reject(new Error("no room"));
          }),
      );
      const line = Buffer.from(lines[0] ?? "");
      const first = Promise.allSettled([intake.accept(line, undefined)]);
      await vi.waitUntil(() => finish !== undefined);
      const second = Promise.allSettled([intake.accept(line, undefined)]);
      await vi.waitUntil(() => intake.counters.duplicates === 1);
      finish?.();
      const ends = [...(await first), ...(await second)].map(({ status }) => status);
      expect(ends).toEqual([end, end]);
    },
  );

  test("forgets the oldest lines first, so that its memory is bounded", async () => {
    const stored: string[] = [];
    const intake = intakeWith(async (raw) => void stored.push(...raw), 2);
    for (const index of [0, 1, 2, 2, 1, 0]) {
      await intake.accept(Buffer.from(lines[index] ?? ""), undefined);
    }
    expect(stored).toEqual([0, 1, 2, 0].map((index) => lines[index]));
    expect(intake.counters.duplicates).toBe(2);
  });

  test("hands on every unsigned line: nothing tells a repetition from a second event", async () => {
    const stored: string[] = [];
    const intake = intakeWith(async (raw) => void stored.push(...raw));
    await intake.accept(Buffer.from("same\nsame"), undefined);
    expect(stored).toEqual(["same", "same"]);
  });
});
