import { spawnSync } from "node:child_process";
import v8 from "node:v8";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { postponeOptimizer } from "../../../src/terraform/plugin/optimizer.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers(); // other tests want V8 as it was
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("keeps V8 from optimizing at first, and lets a long run have it", () => {
  const setFlags = vi.spyOn(v8, "setFlagsFromString");
  postponeOptimizer();
  vi.advanceTimersByTime(1_999);
  expect(setFlags.mock.calls).toEqual([["--no-opt"]]);
  vi.advanceTimersByTime(1);
  expect(setFlags.mock.calls).toEqual([["--no-opt"], ["--opt"]]);
});

test("sets flags that this V8 knows", () => {
  const setFlags = vi.spyOn(v8, "setFlagsFromString");
  postponeOptimizer();
  vi.runAllTimers();
  const flags = setFlags.mock.calls.flat();
  const script = `for (const flag of ${JSON.stringify(flags)}) v8.setFlagsFromString(flag)`;
  // V8 prints what it doesn't know, and goes on.
  expect(spawnSync(process.execPath, ["-e", script], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
