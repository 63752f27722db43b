import { describe, expect, test } from "vitest";
import { isPermanentFailure, retryWait } from "../../src/konnect/retry.js";

describe("a failure that another try meets again", () => {
  test.each([
    "HOSTNAME_MISMATCH",
    "INVALID_CA",
    "INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED",
    "UND_ERR_HEADERS_OVERFLOW",
    "HPE_HEADER_OVERFLOW",
  ])("is %s", (code) => {
    expect(isPermanentFailure(code)).toBe(true);
  });

  test.each(["", "ECONNRESET", "X_CERT_", "MY_ERR_TLS_", "NOT_UNABLE_TO_", "A PROXY_REFUSED 407"])(
    "is not %j, whatever it holds elsewhere than at its beginning",
    (code) => {
      expect(isPermanentFailure(code)).toBe(false);
    },
  );
});

test("jitter spreads over half of the wait, from its middle to its end", () => {
  const policy = { maxRetries: 4, minWait: 1000, maxWait: 10_000 };
  const waits = [0, 0.25, 0.5, 0.999].map((random) =>
    retryWait(policy, 1, { now: 0, random: () => random }),
  );
  expect(waits).toEqual([1000, 1250, 1500, 1999]);
});
