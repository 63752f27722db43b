import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  defaultRetryPolicy,
  isPermanentFailure,
  isRetriedStatus,
  retryWait,
} from "../../src/konnect/retry.js";

const now = Date.parse("2026-11-22T12:00:00Z");
const wait = (retryAfter: string | undefined, attempt = 0, random = 0.5) =>
  retryWait(defaultRetryPolicy, attempt, { retryAfter, now, random: () => random });
const inSeconds = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

describe("the wait before a repetition", () => {
  test("doubles, and half of it is random", () => {
    expect([0, 1, 2].map((attempt) => wait(undefined, attempt, 0))).toEqual([250, 500, 1000]);
    expect([0, 1, 2].map((attempt) => wait(undefined, attempt, 1))).toEqual([500, 1000, 2000]);
    expect(wait(undefined, 50, 1)).toBe(30_000);
  });

  test.each([
    ["7", 7_000],
    [" 7 ", 7_000],
    ["86400", 30_000],
    ["9".repeat(400), 30_000],
    [inSeconds(12), 12_000],
    [inSeconds(86_400), 30_000],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 30_000],
  ])("is what Retry-After %j says, within the bound", (retryAfter, expected) => {
    expect(wait(retryAfter)).toBe(expected);
  });

  test.each([
    "",
    "0",
    "-1",
    "-86400",
    "1.5",
    "7 s",
    "soon",
    "NaN",
    "1e9",
    inSeconds(0),
    inSeconds(-1),
    inSeconds(-86_400),
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2026-11-22",
  ])("is our own when Retry-After is %j", (retryAfter) => {
    expect(wait(retryAfter)).toBe(375);
  });

  test("is never negative, never none and never beyond the bound, whatever the answer and the clock say", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.integer().map((s) => inSeconds(s % 1e8)),
        ),
        fc.nat(100),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryAfter, attempt, random) => {
          const told = wait(retryAfter, attempt, random);
          expect(told).toBeGreaterThanOrEqual(250);
          expect(told).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});

describe("another try", () => {
  const statuses = [200, 400, 401, 403, 404, 409, 429, 500, 501, 502, 503, 504, 505];

  test.each([
    ["GET", [429, 502, 503, 504]],
    ["PATCH", [429, 502, 503, 504]],
    ["POST", [429, 503]],
  ])("follows on a %s for %j only", (method, expected) => {
    expect(statuses.filter((status) => isRetriedStatus(status, method))).toEqual(expected);
  });

  test.each([
    "ENOTFOUND",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "PROXY_REFUSED 407",
  ])("does not follow %s, which it would meet again", (code) => {
    expect(isPermanentFailure(code)).toBe(true);
  });

  test.each([
    "ECONNRESET",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "UND_ERR_SOCKET",
    "PROXY_UNREACHABLE ECONNRESET",
    "PROXY_REFUSED 502",
  ])("follows %s", (code) => {
    expect(isPermanentFailure(code)).toBe(false);
  });
});
