import { expect, test } from "vitest";
import { isAlive, systemCode } from "../../src/core/system-error.js";

const coded = (code: string) => Object.assign(new Error("words"), { code });

test.each([
  ["its own code", coded("ENOENT"), "ENOENT"],
  ["its cause's", new TypeError("fetch failed", { cause: coded("ECONNRESET") }), "ECONNRESET"],
  ["its own before its cause's", Object.assign(coded("A"), { cause: coded("B") }), "A"],
  [
    "the first of several",
    new AggregateError([new Error("x"), coded("EHOSTUNREACH")]),
    "EHOSTUNREACH",
  ],
  ["its name where there is none", new RangeError("words"), "RangeError"],
  ["no code that is no text", Object.assign(new Error("words"), { code: 7 }), "Error"],
  ["nothing of what is no error", "words", "unknown cause"],
])("the code of a failure is %s", (_, error, code) => {
  expect(systemCode(error)).toBe(code);
});

test("a process is alive until it is gone", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(process.ppid)).toBe(true);
  expect(isAlive(2 ** 30)).toBe(false);
});
