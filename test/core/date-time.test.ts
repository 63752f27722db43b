import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDateTime } from "../../src/core/date-time.js";

describe("an RFC 3339 date-time", () => {
  test("is read as the instant that it names", () => {
    const instants = fc.date({
      min: new Date("0001-01-01"),
      max: new Date("9999-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        expect(parseDateTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  test.each([
    ...["2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-13-01T00:00:00Z"],
    ...[
      "2026-11-22T24:30:00Z",
      "2026-11-22T24:00:00Z",
      "2026-11-22",
      "2026-11-22T10:00:00",
      "2026-11-22 10:00:00Z",
      "now",
    ],
  ])("is not %s", (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });
});
