import { describe, expect, test } from "vitest";
import { ownText } from "../../src/core/foreign-text.js";
import { KonnectError, type KonnectErrorCode } from "../../src/konnect/errors.js";
import { mayBeDone } from "../../src/provider/lost-answer.js";

/** Whether Konnect may have done a write that failed so. */
const outcomes: Readonly<Partial<Record<KonnectErrorCode, boolean>>> = {
  KONNECT_SERVER_URL_INVALID: false,
  KONNECT_SERVER_URL_REGION: false,
  KONNECT_PROXY_INVALID: false,
  KONNECT_CA_UNREADABLE: false,
  KONNECT_TOKEN_MISSING: false,
  KONNECT_TOKEN_AMBIGUOUS: false,
  KONNECT_TOKEN_MALFORMED: false,
  KONNECT_BAD_REQUEST: false,
  KONNECT_UNAUTHORIZED: false,
  KONNECT_FORBIDDEN: false,
  KONNECT_NOT_FOUND: false,
  KONNECT_CONFLICT: false,
  KONNECT_RATE_LIMITED: false,
  KONNECT_SERVER_ERROR: true,
  KONNECT_UNEXPECTED_STATUS: true,
  KONNECT_UNREADABLE_ANSWER: true,
  KONNECT_UNREACHABLE: true,
  KONNECT_TIMEOUT: true,
  KONNECT_CANCELLED: true,
};

describe("the outcome of a write that failed", () => {
  test.each(Object.entries(outcomes))("with %s is unknown: %j", (code, isUnknown) => {
    const error = new KonnectError(code as KonnectErrorCode, ownText("Could not write."), {
      remedy: ownText("Run again."),
    });
    expect(mayBeDone(error)).toBe(isUnknown);
  });

  test.each([
    new Error("KONNECT_TIMEOUT"),
    { code: "KONNECT_TIMEOUT" },
    undefined,
    "KONNECT_TIMEOUT",
  ])("is not told by %s, which is no failure of a call to Konnect", (failure) => {
    expect(mayBeDone(failure)).toBe(false);
  });
});
