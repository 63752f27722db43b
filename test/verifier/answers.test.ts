import { describe, expect, test } from "vitest";
import { cleanText } from "../../src/core/foreign-text.js";
import { webhookStatusAnswer } from "../../src/konnect/wire.js";
import { answerHint, responseHint } from "../../src/verifier/answers.js";
import { describeAnswer, isTlsFailure, lastAttempt } from "../../src/verifier/attempt.js";

function attempt(code: number | null, message: string | null) {
  const status = webhookStatusAnswer.parse({
    last_attempt_at: "2026-11-22T10:00:00.25Z",
    last_response_code: code,
    last_response_message: message,
  });
  return lastAttempt(status, cleanText) ?? expect.fail("there was an attempt");
}

describe("an attempt", () => {
  test.each([
    [200, "OK", "accepted"],
    [202, "Accepted", "accepted"],
    [204, "", "accepted"],
    [301, "Moved", "refused"],
    [400, "Bad Request", "refused"],
    [401, "Unauthenticated", "refused"],
    [403, "Forbidden", "refused"],
    [404, "Not Found", "refused"],
    [413, "Too Large", "refused"],
    [429, "Too Many Requests", "repeated"],
    [500, "Internal Server Error", "repeated"],
    [503, "Service Unavailable", "repeated"],
    [null, "dial tcp: connection refused", "repeated"],
    [0, "connection failed: ECONNRESET", "repeated"],
    [null, null, "repeated"],
    [null, "x509: certificate has expired or is not yet valid", "refused"],
    [null, "tls: handshake failure", "refused"],
    [0, "connection failed: DEPTH_ZERO_SELF_SIGNED_CERT", "refused"],
    [0, "connection failed: CERT_HAS_EXPIRED", "refused"],
    [0, "connection failed: ERR_TLS_CERT_ALTNAME_INVALID", "refused"],
    [0, "connection failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE", "refused"],
  ])("that ended with %s %s is %s", (code, message, outcome) => {
    expect(attempt(code, message).outcome).toBe(outcome);
  });

  test("is no TLS failure when the endpoint answered, whatever it says", () => {
    expect(isTlsFailure(attempt(500, "certificate store is full"))).toBe(false);
  });

  test("is described by code and message, once and without control characters", () => {
    expect(describeAnswer(attempt(401, "401 Unauthorized"))).toBe("401 Unauthorized");
    expect(describeAnswer(attempt(500, "a\u001b[2J\nb"))).toBe("500 a\\x1b[2J b");
    expect(describeAnswer(attempt(null, "connection refused"))).toBe(
      "no answer (connection refused)",
    );
    expect(describeAnswer(attempt(500, "x".repeat(500)))).toHaveLength("500 ".length + 160);
  });
});

describe("what to do about an answer", () => {
  test("is told in the service's own terms where it is known", () => {
    expect(responseHint(401, "https://splunk.example.com:8088/services/collector/raw")).toMatch(
      /"Splunk <HEC token>"/,
    );
    expect(responseHint(401, "https://siem.example.com/in")).toMatch(/scheme word/);
  });

  test("names the redirect, TLS and the network as what they are", () => {
    const context = { endpoint: "https://siem.example.com/in", skipsTlsVerification: false };
    expect(responseHint(302, context.endpoint)).toMatch(/redirects/);
    expect(answerHint(attempt(null, "x509: unknown authority"), context)).toMatch(/certificate/);
    expect(answerHint(attempt(null, "connection refused"), context)).toMatch(/firewall/);
    expect(responseHint(418, context.endpoint)).toMatch(/Look up 418/);
  });

  test.each([
    ["x509: certificate has expired or is not yet valid: current time", /expired/],
    ["connection failed: CERT_HAS_EXPIRED", /expired/],
    ["x509: certificate is valid for a.example.com, not b.example.com", /another host name/],
    ["connection failed: ERR_TLS_CERT_ALTNAME_INVALID", /another host name/],
    ["connection failed: DEPTH_ZERO_SELF_SIGNED_CERT", /self-signed/],
    ["x509: certificate signed by unknown authority", /without its chain/],
    ["connection failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE", /without its chain/],
    ["remote error: tls: protocol version not supported", /TLS 1\.2 or 1\.3/],
    ["tls: something new", /not trusted/],
  ])("names what TLS fails for in Konnect's words: %s", (message, hint) => {
    const context = { endpoint: "https://siem.example.com/in", skipsTlsVerification: false };
    expect(answerHint(attempt(null, message), context)).toMatch(hint);
  });
});
