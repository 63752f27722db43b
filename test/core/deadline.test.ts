import { getEventListeners, once } from "node:events";
import { describe, expect, test } from "vitest";
import { startDeadline } from "../../src/core/deadline.js";

const hour = 3_600_000;

describe("a deadline", () => {
  test("aborts when its time is up, and says so", async () => {
    const deadline = startDeadline(1, undefined);
    const keepAlive = setTimeout(() => undefined, hour); // its own timer doesn't
    await once(deadline.signal, "abort");
    clearTimeout(keepAlive);
    expect(deadline.passed).toBe(true);
    expect(deadline.signal.reason).toHaveProperty("name", "TimeoutError");
  });

  test("aborts with its caller, for the caller's reason, and has not passed", () => {
    const caller = new AbortController();
    const deadline = startDeadline(hour, caller.signal);
    expect(deadline.signal.aborted).toBe(false);
    caller.abort("stop");
    expect(deadline.signal.reason).toBe("stop");
    expect(deadline.passed).toBe(false);
    deadline.clear();
  });

  test("begins aborted when its caller gave up before", () => {
    const deadline = startDeadline(hour, AbortSignal.abort("stop"));
    expect(deadline.signal.reason).toBe("stop");
    deadline.clear();
  });

  test("leaves nothing with its caller, however many there are at once", async () => {
    const warnings: unknown[] = [];
    const warn = (warning: Error) => warnings.push(warning.name);
    process.on("warning", warn);
    const caller = new AbortController();
    const deadlines = Array.from({ length: 50 }, () => startDeadline(hour, caller.signal));
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(50);
    for (const { clear } of deadlines) clear();
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(0);
    await new Promise((resolve) => setImmediate(resolve)); // warnings come in the next tick
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });
});
