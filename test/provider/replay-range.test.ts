import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRange, isOfRange } from "../../src/provider/replay/range.js";
import { Diagnostics } from "../../src/terraform/engine/diagnostics.js";
import { DiagnosticError, UNKNOWN } from "../../src/terraform/index.js";

const now = Date.parse("2026-11-22T12:00:00Z");
const minute = 60_000;
const week = 7 * 24 * 60 * minute;
const at = (time: number) => new Date(time).toISOString();

function pathOfProblem(range: Parameters<typeof checkRange>[0]): string | undefined {
  try {
    checkRange(range, now);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return String(error.path?.[0]);
  }
}

describe("the range of a replay job", () => {
  test("is good exactly when it begins before it ends, and ends by now", () => {
    const minutes = fc.integer({ min: -8 * 24 * 60, max: 60 }).map((each) => now + each * minute);
    fc.assert(
      fc.property(minutes, minutes, (start, end) => {
        // Five minutes of the future are a matter of clocks, and Konnect's to judge.
        const good = end <= now + 5 * minute && start < end;
        expect(pathOfProblem({ start_at: at(start), end_at: at(end) }) === undefined).toBe(good);
      }),
    );
  });

  test.each([
    ["start_at", "2019-12-31T23:59:59Z", at(now)],
    ["start_at", at(now + week), UNKNOWN],
    ["end_at", at(now), at(now + 6 * minute)],
    ["end_at", at(now), at(now)],
  ])("is refused on %s", (path, start_at, end_at) => {
    expect(pathOfProblem({ start_at, end_at })).toBe(path);
  });

  test("passes as far as it is not known yet", () => {
    expect(pathOfProblem({ start_at: UNKNOWN, end_at: UNKNOWN })).toBeUndefined();
    expect(pathOfProblem({ start_at: UNKNOWN, end_at: at(now) })).toBeUndefined();
  });

  test("is a warning when it begins before what Konnect documents to keep", () => {
    const warned = (start_at: string) => {
      const diagnostics = new Diagnostics();
      checkRange({ start_at, end_at: at(now) }, now, diagnostics);
      return diagnostics.all;
    };
    expect(warned(at(now - week))).toEqual([]);
    expect(warned(at(now - week - 1))).toMatchObject([
      { severity: "warning", summary: "The replay job begins over 7 days ago" },
    ]);
  });

  test("is the same however its times are written", () => {
    const range = { start_at: "2026-11-22T10:00:00Z", end_at: "2026-11-22T11:00:00Z" };
    const zoned = { start_at: "2026-11-22T11:00:00+01:00", end_at: "2026-11-22t11:00:00.000z" };
    expect(isOfRange(zoned, range)).toBe(true);
    expect(isOfRange({ ...range, end_at: "2026-11-22T11:00:01Z" }, range)).toBe(false);
    expect(isOfRange({ start_at: null, end_at: null }, range)).toBe(false);
    expect(isOfRange({ start_at: UNKNOWN, end_at: UNKNOWN }, range)).toBe(false);
  });

  test("is the same where Konnect leaves out fractions of a second, and only there", () => {
    const range = { start_at: "2026-11-22T10:00:00.25Z", end_at: "2026-11-22T11:00:00.75Z" };
    const whole = { start_at: "2026-11-22T10:00:00Z", end_at: "2026-11-22T11:00:00Z" };
    expect(isOfRange(whole, range)).toBe(true);
    expect(isOfRange(range, whole)).toBe(false);
    expect(isOfRange({ ...whole, end_at: "2026-11-22T11:00:01Z" }, range)).toBe(false);
  });
});
