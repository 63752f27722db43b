import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAuthorization } from "../../src/konnect/authorization.js";
import { checkEndpoint, maskEndpoint, maskEndpointChange } from "../../src/konnect/endpoint.js";

describe("a webhook's endpoint", () => {
  test.each([
    "https://siem.example.com/audit-logs",
    "https://siem.example.com:8088/services/collector/raw?channel=1",
    "http://127.0.0.1:9000/in",
    "http://localhost/in",
    "http://[::1]:9000/in",
  ])("%s is accepted", (endpoint) => {
    expect(checkEndpoint(endpoint)).toBeUndefined();
  });

  test.each([
    ["siem.example.com/audit", "ENDPOINT_NOT_A_URL"],
    ["", "ENDPOINT_NOT_A_URL"],
    ["http://siem.example.com/audit", "ENDPOINT_NOT_HTTPS"],
    ["http://127.0.0.1.example.com/audit", "ENDPOINT_NOT_HTTPS"],
    ["ftp://siem.example.com", "ENDPOINT_NOT_HTTPS"],
    ["https://user:pass@siem.example.com", "ENDPOINT_USERINFO"],
  ])("%j is refused as %s", (endpoint, code) => {
    expect(checkEndpoint(endpoint)?.code).toBe(code);
  });

  test("is shown without query values and, where the URL is the credential, without its last segment", () => {
    const endpoint = "https://in.example.com/receiver/v1/http/s3cr3t?code=s3cr3t&x=1";
    expect(maskEndpoint(endpoint)).toBe(
      "https://in.example.com/receiver/v1/http/s3cr3t?code=***&x=***",
    );
    expect(maskEndpoint(endpoint, { maskLastSegment: true })).not.toContain("s3cr3t");
  });

  test("never shows userinfo or query values", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,16}$/), (secret) => {
        const shown = maskEndpoint(`https://u:${secret}@h.example/p?k=${secret}#${secret}`);
        expect(shown).not.toContain(secret);
      }),
    );
  });

  test("two values that masking made alike are said to differ", () => {
    const change = maskEndpointChange("https://h.example/in?code=a", "https://h.example/in?code=b");
    expect(change.after).toBe("https://h.example/in?code=*** (differs in a masked part)");
  });
});

describe("a webhook's authorization", () => {
  test.each(["Bearer abc", "Splunk 0000-1111", "Api-Token dt0c01.X", "plain"])(
    "%s is accepted",
    (authorization) => {
      expect(checkAuthorization(authorization)).toBeUndefined();
    },
  );

  test.each([
    ["", "AUTHORIZATION_BLANK"],
    ["  ", "AUTHORIZATION_BLANK"],
    ["Bearer kpat_abc", "AUTHORIZATION_IS_KONNECT_TOKEN"],
    ["spat_abc", "AUTHORIZATION_IS_KONNECT_TOKEN"],
    ["Bearer abc\n", "AUTHORIZATION_NOT_A_HEADER_VALUE"],
  ])("%j is refused as %s, without repeating it", (authorization, code) => {
    const problem = checkAuthorization(authorization);
    expect(problem?.code).toBe(code);
    if (authorization.trim()) expect(problem?.message).not.toContain(authorization);
  });
});
