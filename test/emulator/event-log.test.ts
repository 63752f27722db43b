import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventLog } from "../../src/emulator/event-log.js";
import type { AuditEvent } from "../../src/events/event.js";
import { documentedRetention } from "../../src/konnect/replay-job.js";
import { anyEvent } from "../events/arbitraries.js";

const count = fc.integer({ min: 0, max: 12 });
const step = fc.oneof(
  fc.record({
    do: fc.constant("append" as const),
    events: fc.array(anyEvent, { maxLength: 6 }),
    waits: fc.boolean(),
  }),
  fc.record({ do: fc.constant("take" as const), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("bound" as const), most: count }),
  fc.record({ do: fc.constantFrom("settle" as const, "put back" as const, "restart" as const) }),
);

describe("an event log", () => {
  test("holds the newest, and loses nothing that it does not count, whatever waits or is under way", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let log = new EventLog();
        const all: AuditEvent[] = [];
        let first = 0;
        let waiting: number[] = [];
        let taken: number[] | undefined;
        for (const now of steps) {
          if (now.do === "append") {
            for (const event of now.events) {
              if (now.waits) waiting.push(all.length);
              all.push(event);
            }
            log.append(now.events, now.waits);
          } else if (now.do === "take" && !taken) {
            taken = waiting.splice(0, now.most);
            expect(log.take(now.most)).toEqual(taken.map((sequence) => all[sequence]));
          } else if (now.do === "bound") {
            const oldest = Math.max(first, all.length - now.most);
            const overflow = waiting.filter((sequence) => sequence < oldest).length;
            expect(log.keepNewest(now.most)).toEqual({ evicted: oldest - first, overflow });
            waiting = waiting.slice(overflow);
            first = oldest;
          } else if (now.do === "settle" && taken) {
            expect(log.settle()).toBe(taken.length);
            taken = undefined;
          } else if (now.do === "put back" && taken) {
            const kept = taken.filter((sequence) => sequence >= first);
            expect(log.putBack()).toBe(taken.length - kept.length);
            waiting = [...kept, ...waiting];
            taken = undefined;
          } else if (now.do === "restart") {
            const saved = structuredClone(log.save());
            log = new EventLog();
            log.restore(saved);
            waiting = [...(taken ?? []), ...waiting].filter((sequence) => sequence >= first);
            taken = undefined;
          }
          expect(log.size).toBe(all.length - first);
          expect(log.waiting).toBe(waiting.length + (taken?.length ?? 0));
          for (const sequence of [first - 1, first, all.length - 1, all.length]) {
            expect(log.read(sequence)).toEqual(sequence < first ? undefined : all[sequence]);
          }
        }
      }),
    );
  });

  test("finds events by time and kind, none older than the seven days", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.nat(), fc.nat(), (events, a, b) => {
        const log = new EventLog();
        log.append(events, false);
        const times = events.map(({ rt }) => rt);
        const from = times[a % (times.length || 1)] ?? 0;
        const until = times[b % (times.length || 1)] ?? 0;
        const now = Math.max(...times, 0);
        const found = log.between(from, until, now, "access").map((sequence) => log.read(sequence));
        expect(found).toEqual(
          events.filter(
            ({ rt, kind }) =>
              kind === "access" && rt >= from && rt <= until && rt >= now - documentedRetention,
          ),
        );
      }),
    );
  });

  test("forgets what is older than the seven days, but nothing that waits", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.boolean()), { minLength: 1 }), (entries) => {
        const ordered = entries.map(([event, waits], rt) => ({ event: { ...event, rt }, waits }));
        const log = new EventLog();
        for (const { event, waits } of ordered) log.append([event], waits);
        const oldest = Math.floor(entries.length / 2);
        log.expire(oldest + documentedRetention);
        const firstWaiting = ordered.findIndex(({ waits }) => waits);
        const expired = firstWaiting < 0 ? oldest : Math.min(oldest, firstWaiting);
        expect(log.size).toBe(entries.length - expired);
        expect(log.read(expired)).toEqual(ordered[expired]?.event);
      }),
    );
  });
});
