import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAuthorization } from "../../src/konnect/authorization.js";
import { checkEndpoint, maskEndpoint, maskEndpointChange } from "../../src/konnect/endpoint.js";
import { isSecretEndpoint } from "../../src/konnect/secret-endpoint.js";

const sumoLogic = "https://endpoint4.collection.sumologic.com";

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
    ["https:/siem.example.com/in", "ENDPOINT_NOT_A_URL"],
    ["https:siem.example.com/in", "ENDPOINT_NOT_A_URL"],
    ["https:///siem.example.com/in", "ENDPOINT_NOT_A_URL"],
    ["https:\\\\siem.example.com\\in", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/audit\n", "ENDPOINT_HOLDS_BLANKS"],
    [" https://siem.example.com/audit", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/au\tdit", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/audit logs", "ENDPOINT_HOLDS_BLANKS"],
    ["http://siem.example.com/audit", "ENDPOINT_NOT_HTTPS"],
    ["http://127.0.0.1.example.com/audit", "ENDPOINT_NOT_HTTPS"],
    ["ftp://siem.example.com", "ENDPOINT_NOT_HTTPS"],
    ["https://user:pass@siem.example.com", "ENDPOINT_USERINFO"],
  ])("%j is refused as %s", (endpoint, code) => {
    expect(checkEndpoint(endpoint)?.code).toBe(code);
  });

  test.each([
    ["query values", "https://in.example.com/v1/in?code=s3cr3t&x=1", "/v1/in?code=***&x=***"],
    [
      "the code in Sumo Logic's path",
      `${sumoLogic}/receiver/v1/http/Zm9v`,
      "/receiver/v1/http/***",
    ],
  ])("is shown without %s", (_, endpoint, shown) => {
    expect(maskEndpoint(endpoint)).toBe(`${new URL(endpoint).origin}${shown}`);
  });

  test("is the credential at services that take whoever knows the URL for the sender", () => {
    const datadog = "https://http-intake.logs.datadoghq.eu/api/v2/logs?dd-api-key=x";
    const splunk = "https://splunk.example.com:8088/services/collector/raw";
    const endpoints = [`${sumoLogic}/receiver/v1/http/Zm9v`, datadog, splunk, "no URL"];
    expect(endpoints.map(isSecretEndpoint)).toEqual([true, true, false, false]);
  });

  test("never shows userinfo or query values", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,16}$/), (secret) => {
        const shown = maskEndpoint(`https://u:${secret}@h.example/p?k=${secret}#${secret}`);
        expect(shown).not.toContain(secret);
      }),
    );
  });

  test.each([
    ["https://h.example/in?code=a", "https://h.example/in?code=b", "https://h.example/in?code=***"],
    [`${sumoLogic}/http/a`, `${sumoLogic}/http/b`, `${sumoLogic}/http/***`],
  ])("two values that masking made alike are said to differ", (before, after, shown) => {
    const change = maskEndpointChange(before, after);
    expect(change).toEqual({ before: shown, after: `${shown} (differs in a masked part)` });
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
    ["Bearer a\tbc", "AUTHORIZATION_NOT_A_HEADER_VALUE"],
    ["Bearer a\u0000bc", "AUTHORIZATION_NOT_A_HEADER_VALUE"],
    ["Bearer geh\u00ebim", "AUTHORIZATION_NOT_A_HEADER_VALUE"],
    ["Bearer \u{1f511}", "AUTHORIZATION_NOT_A_HEADER_VALUE"],
    ["Bearer abc ", "AUTHORIZATION_BLANK_AT_AN_END"],
    [" Bearer abc", "AUTHORIZATION_BLANK_AT_AN_END"],
    ["Bearer ", "AUTHORIZATION_SCHEME_ALONE"],
    ["splunk", "AUTHORIZATION_SCHEME_ALONE"],
    ["Api-Token\n", "AUTHORIZATION_SCHEME_ALONE"],
  ])("%j is refused as %s, without repeating it", (authorization, code) => {
    const problem = checkAuthorization(authorization);
    expect(problem?.code).toBe(code);
    if (authorization.trim()) expect(problem?.message).not.toContain(authorization);
  });
});
