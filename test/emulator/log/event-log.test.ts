import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventLog, retentionMs } from "../../../src/emulator/log/event-log.js";
import type { AuditEvent } from "../../../src/events/event.js";
import { anyEvent } from "../../events/arbitraries.js";

function append(log: EventLog, event: AuditEvent, bound = Number.POSITIVE_INFINITY): number {
  const text = JSON.stringify(event);
  return log.append(event, text, Buffer.byteLength(text), bound);
}

const sizeOf = (event: AuditEvent) => Buffer.byteLength(JSON.stringify(event));

describe("an event log", () => {
  test("gives every event back as it was, under its number", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const log = new EventLog();
        const sequences = events.map((event) => append(log, event));
        expect(sequences.map((sequence) => log.read(sequence))).toEqual(events);
        expect([...log.entries()]).toEqual(sequences.map((sequence, i) => [sequence, events[i]]));
        expect(log.read(log.nextSequence)).toBeUndefined();
      }),
    );
  });

  test("holds what was not given up, and knows its size to the byte, whatever waits or is under way", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("append" as const), event: anyEvent, waits: fc.boolean() }),
      fc.record({ do: fc.constant("take" as const), most: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        do: fc.constantFrom("settle" as const, "put back" as const, "give up" as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const log = new EventLog();
        const held = new Map<number, AuditEvent>();
        let waiting: number[] = [];
        let taken: readonly number[] = [];
        for (const now of steps) {
          if (now.do === "append") {
            const sequence = append(log, now.event, 20);
            held.set(sequence, now.event);
            if (now.waits) {
              log.queue.push(sequence);
              waiting.push(sequence);
            }
          } else if (now.do === "take" && taken.length === 0) {
            taken = log.queue.take(now.most);
            expect(taken).toEqual(waiting.slice(0, now.most));
          } else if (now.do === "settle") {
            expect(log.queue.settle()).toEqual(taken);
            waiting = waiting.slice(taken.length);
            taken = [];
          } else if (now.do === "put back") {
            log.queue.putBack();
            taken = [];
          } else if (now.do === "give up") {
            const given = log.giveUpOldest();
            if (!given) continue;
            const gone = (sequence: number) =>
              sequence >= given.range.first && sequence <= given.range.last;
            expect(taken.some(gone)).toBe(false);
            expect(given.events).toBe([...held.keys()].filter(gone).length);
            expect(given.waiting).toBe(waiting.filter(gone).length);
            for (const sequence of [...held.keys()].filter(gone)) held.delete(sequence);
            waiting = waiting.filter((sequence) => !gone(sequence));
          }
          expect(log.queue.length).toBe(waiting.length);
          expect(log.size).toBe(held.size);
          expect(log.bytes).toBe([...held.values()].reduce((sum, event) => sum + sizeOf(event), 0));
          expect(taken.map((sequence) => log.read(sequence))).toEqual(
            taken.map((sequence) => held.get(sequence)),
          );
        }
        expect([...log.entries()]).toEqual([...held]);
      }),
    );
  });

  test("finds events by time and kind, none older than the seven days", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.nat(), fc.nat(), (events, a, b) => {
        const log = new EventLog();
        for (const event of events) append(log, event);
        const times = events.map(({ rt }) => rt);
        const from = times[a % (times.length || 1)] ?? 0;
        const until = times[b % (times.length || 1)] ?? 0;
        const now = Math.max(...times, 0);
        const found = log.between(from, until, now, "access").map((sequence) => log.read(sequence));
        expect(found).toEqual(
          events.filter(
            ({ rt, kind }) =>
              kind === "access" && rt >= from && rt <= until && rt >= now - retentionMs,
          ),
        );
      }),
    );
  });
});
