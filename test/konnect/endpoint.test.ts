import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCleaner } from "../../src/core/foreign-text.js";
import { checkAuthorization } from "../../src/konnect/authorization.js";
import { checkEndpoint, maskEndpoint, maskEndpointChange } from "../../src/konnect/endpoint.js";
import { mayHoldSecret } from "../../src/konnect/mask-endpoint.js";
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

  test.each([
    ["https://h.example/x?PLANTED", "https://h.example/x?***"],
    ["https://h.example/x?PLANTED=", "https://h.example/x?***"],
    ["https://h.example/x?UExBTlRFRA==", "https://h.example/x?***"],
    ["https://h.example/x?=PLANTED&a=PLANTED", "https://h.example/x?***&a=***"],
    ["https://h.example/x?0f8fad5b-d9cb-469f-a165-70867728950e=1", "https://h.example/x?***"],
    ["https://h.example/x?AbC9xYz12Qw=1", "https://h.example/x?***"],
    ["https://h.example/in/a%3Cb%3E", "https://h.example/in/***"],
    ["https://h.example/x#PLANTED", "https://h.example/x#***"],
    ["https://PLANTED@h.example/x", "https://***@h.example/x"],
    ["https://:PLANTED@h.example/x", "https://***@h.example/x"],
    ["data:text/plain,PLANTED", "data:***"],
    ["PLANTED", "(not a URL)"],
    [`${sumoLogic}/receiver/v1/http/PLANTED`, `${sumoLogic}/receiver/v1/http/***`],
    [`${sumoLogic}/receiver/v1/http/PLANTED/`, `${sumoLogic}/receiver/v1/http/***`],
    [`${sumoLogic}/receiver/v1/http/PLANTED/extra`, `${sumoLogic}/receiver/v1/http/***`],
    [`${sumoLogic}/PLANTED/extra`, `${sumoLogic}/***`],
    [
      "https://us.webhook.logs.insight.rapid7.com/v1/noformat/PLANTED",
      "https://us.webhook.logs.insight.rapid7.com/v1/noformat/***",
    ],
    ["https://logs-01.loggly.com/bulk/PLANTED/tag/PLANTED/", "https://logs-01.loggly.com/bulk/***"],
    ["https://hooks.slack.com/services/T0/B0/PLANTED", "https://hooks.slack.com/services/***"],
    ["https://hooks.example.com/T0/PLANTED", "https://hooks.example.com/***"],
  ])("%s is shown as %s", (endpoint, shown) => {
    expect(maskEndpoint(endpoint)).toBe(shown);
  });

  test.each([
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "0f8fad5bd9cb469fa16570867728950e",
    "AbC9xYz12Qw",
    "qWeRtYuIoPaSdFgH",
    "a_B-c1D2-e3F4-g5H6-i7J8-k9L0",
    "abcdefghijklmnopqrstuvwxyzabcdef",
    "12345678901234",
    "dcr-0123456789abcdef0123456789abcdef",
    "c2VjcmV0LXRva2Vu%3D%3D",
  ])("is shown without what looks like a key in its path: %s", (key) => {
    expect(maskEndpoint(`https://h.example/in/${key}/events`)).toBe(
      "https://h.example/in/***/events",
    );
    expect(mayHoldSecret(`https://h.example/in/${key}`)).toBe(true);
  });

  test.each([
    "/audit-logs",
    "/services/collector/raw",
    "/api/v2/logs/ingest",
    "/audit-logs-2026-production/konnect-audit-logs-to-siem-production-2026",
    "/2026-11-27/v1.2.3/us-east-1/Konnect_Audit_Logs_2026_Production",
    "/auditLogWebhookEndpoint/kubernetes2026",
    "/_bulk",
    "/",
  ])("is shown with words in its path: %s", (path) => {
    expect(maskEndpoint(`https://h.example${path}`)).toBe(`https://h.example${path}`);
    expect(mayHoldSecret(`https://h.example${path}`)).toBe(false);
  });

  test("is shown clean and short, without the secrets that are known", () => {
    const clean = createCleaner(["kpat_planted-token"]);
    expect(maskEndpoint("https://kpat-planted-token.h.example/", clean)).toBe(
      "https://***.h.example/",
    );
    expect(maskEndpoint(`https://h.example/${"a/".repeat(5_000)}`)).toHaveLength(500);
    expect(maskEndpoint("https://h.example/x ::error::y")).not.toMatch(/::error/);
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

  test("that did not change is not said to", () => {
    const same = "https://h.example/in?code=a";
    const shown = "https://h.example/in?code=***";
    expect(maskEndpointChange(same, same)).toEqual({ before: shown, after: shown });
    expect(maskEndpointChange(same, "https://h.example/out?code=a").after).toBe(
      "https://h.example/out?code=***",
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
  test.each([
    "Bearer abc",
    "Splunk 0000-1111",
    "Api-Token dt0c01.X",
    "plain",
    'Digest username="a", response="b"',
    "a  b",
    "Bearer token",
    `Bearer ${"x".repeat(7_993)}`,
  ])("%s is accepted", (authorization) => {
    expect(checkAuthorization(authorization)).toBeUndefined();
  });

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
    ['"Bearer abc"', "AUTHORIZATION_IN_QUOTES"],
    ["'Bearer abc'\n", "AUTHORIZATION_IN_QUOTES"],
    ['Bearer "abc"', "AUTHORIZATION_IN_QUOTES"],
    ['""', "AUTHORIZATION_IN_QUOTES"],
    ["Splunk ''", "AUTHORIZATION_IN_QUOTES"],
    ["Authorization: Bearer abc", "AUTHORIZATION_WITH_HEADER_NAME"],
    ["authorization:abc", "AUTHORIZATION_WITH_HEADER_NAME"],
    ["Bearer Authorization: abc", "AUTHORIZATION_WITH_HEADER_NAME"],
    ["Bearer Bearer abc", "AUTHORIZATION_SCHEME_TWICE"],
    ["Splunk bearer abc", "AUTHORIZATION_SCHEME_TWICE"],
    ["Bearer Bearer", "AUTHORIZATION_SCHEME_TWICE"],
    ["Bearer Bearer ", "AUTHORIZATION_SCHEME_TWICE"],
    ["Bearer  abc", "AUTHORIZATION_BLANK_AFTER_SCHEME"],
    [`Bearer ${"x".repeat(70 * 1024)}`, "AUTHORIZATION_TOO_LONG"],
  ])("%j is refused as %s, without repeating it", (authorization, code) => {
    const problem = checkAuthorization(authorization);
    expect(problem?.code).toBe(code);
    if (authorization.trim()) expect(problem?.message).not.toContain(authorization);
  });
});
