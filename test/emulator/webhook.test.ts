import { describe, expect, test } from "vitest";
import { startStage } from "./stage.js";

const path = "/eu/v2/audit-log-webhook";
const configured = {
  endpoint: "https://127.0.0.1:1/audit-logs?code=1",
  authorization: "Splunk 1",
  enabled: true,
  log_format: "json",
  skip_ssl_verification: true,
};

describe("the v2 webhook of a region", () => {
  test("starts unconfigured, word for word", async () => {
    await using stage = await startStage();
    const { status, headers, body } = await stage.call("GET", path);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(body).toEqual({ enabled: false, endpoint: "unconfigured" });
  });

  test("answers what was set, without the credential", async () => {
    await using stage = await startStage();
    const { authorization: _, ...visible } = configured;
    const patched = await stage.call("PATCH", path, configured);
    expect(patched.status).toBe(200);
    expect(patched.body).toEqual({ ...visible, updated_at: "2026-11-22T12:00:00Z" });
    expect((await stage.call("GET", path)).body).toEqual(patched.body);
  });

  test("keeps what a PATCH leaves out or sets to null", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, configured);
    const { body } = await stage.call("PATCH", path, {
      endpoint: null,
      authorization: null,
      log_format: null,
      skip_ssl_verification: null,
      enabled: false,
    });
    const { authorization: _, ...visible } = configured;
    expect(body).toMatchObject({ ...visible, enabled: false });
  });

  test("is one for each region, documented or asked for, and one for global", async () => {
    await using stage = await startStage({ regions: ["made-up-7"] });
    await stage.call("PATCH", path, configured);
    for (const region of ["us", "made-up-7", "global"]) {
      const { body } = await stage.call("GET", `/${region}/v2/audit-log-webhook`);
      expect(body.endpoint).toBe("unconfigured");
    }
  });

  test("can be reached through a host name that begins with the region", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, configured);
    const { hostname, port } = new URL(stage.emulator.url);
    expect(hostname).toBe("127.0.0.1");
    const { body } = await stage.call("GET", "/v2/audit-log-webhook");
    expect(body.endpoint).toBe("unconfigured"); // an address names no region: the global one
    const { request } = await import("undici");
    const answer = await request(`http://127.0.0.1:${port}/v2/audit-log-webhook`, {
      headers: { host: `eu.localhost:${port}`, authorization: "Bearer spat_x" },
    });
    expect(await answer.body.json()).toMatchObject({ endpoint: configured.endpoint });
  });

  test.each([
    ["alone", { enabled: false }],
    [
      "with every default, as Kong's own provider does on destroy",
      {
        endpoint: null,
        authorization: null,
        enabled: false,
        log_format: "cef",
        skip_ssl_verification: false,
      },
    ],
  ])("can be turned off before it was configured %s, which changes nothing", async (_, sent) => {
    await using stage = await startStage();
    const { status, body } = await stage.call("PATCH", path, sent);
    expect(status).toBe(200);
    expect(body).toEqual({ enabled: false, endpoint: "unconfigured" });
  });

  test.each([
    ["no JSON", "{", "Could not parse request body", "body", "request format is invalid"],
    ["a list", [], "Could not parse request body", "body", "request format is invalid"],
    [
      "a wrong type",
      { enabled: "yes" },
      "Could not parse request body",
      "body",
      "request format is invalid",
    ],
    [
      "an empty endpoint",
      { endpoint: "" },
      "Required field missing",
      "endpoint",
      "cannot be blank",
    ],
    [
      "no endpoint where none was",
      { enabled: true },
      "Required field missing",
      "endpoint",
      "cannot be blank",
    ],
    [
      "a format where no endpoint was",
      { log_format: "json" },
      "Required field missing",
      "endpoint",
      "cannot be blank",
    ],
    [
      "an endpoint that is no URL",
      { endpoint: "siem" },
      "Invalid endpoint",
      "endpoint",
      "must be a valid URL",
    ],
    [
      "an empty credential",
      { endpoint: "https://x.example", authorization: "" },
      "Required field missing",
      "authorization",
      "cannot be blank",
    ],
    [
      "an unknown format",
      { log_format: "xml" },
      "Invalid log_format",
      "log_format",
      "must be one of cef, json, cps",
    ],
  ])(
    "refuses %s with the documented problem and changes nothing",
    async (_, sent, detail, field, reason) => {
      await using stage = await startStage();
      const { status, headers, body } = await stage.call("PATCH", path, sent);
      expect(status).toBe(400);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({ status: 400, title: "Bad Request", detail });
      expect(body.instance).toMatch(/^konnect:trace:[1-9]\d{18}$/);
      expect(body.invalid_parameters).toEqual([expect.objectContaining({ field, reason })]);
      expect((await stage.call("GET", path)).body.endpoint).toBe("unconfigured");
    },
  );

  test("takes an empty credential when the knob says so", async () => {
    await using stage = await startStage({ knobs: { blankAuthorization: "accept" } });
    const { status } = await stage.call("PATCH", path, { ...configured, authorization: "" });
    expect(status).toBe(200);
  });
});

describe("a call's token", () => {
  const unauthorized = { status: 401, title: "Unauthorized", detail: "Unauthorized" };

  test.each([
    ["missing", ""],
    ["of another scheme", "Basic a3BhdA=="],
    ["without Konnect's prefix", "Bearer abc"],
    ["with a prefix only", "Bearer kpat_"],
  ])("%s gets a 401", async (_, authorization) => {
    await using stage = await startStage();
    const { status, headers, body } = await stage.call("GET", path, undefined, { authorization });
    expect(status).toBe(401);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject(unauthorized);
    expect(body.instance).toMatch(/^kong:trace:\d{19}$/);
  });

  test("from the list decides about organisation, state and permissions", async () => {
    const token = (name: string, organization: string, more: object = {}) => ({
      token: `kpat_${name}`,
      organization: `00000000-0000-4000-8000-00000000000${organization}`,
      principal: { id: "10000000-0000-4000-8000-000000000000", name },
      state: "active" as const,
      permissions: "admin" as const,
      ...more,
    });
    await using stage = await startStage({
      tokens: [
        token("one", "1"),
        token("two", "2"),
        token("expired", "1", { state: "expired" }),
        token("reader", "1", { permissions: "none" }),
      ],
    });
    const as = (name: string, method: string, body?: unknown) =>
      stage.call(method, path, body, { authorization: `Bearer kpat_${name}` });
    expect((await as("one", "PATCH", configured)).status).toBe(200);
    expect((await as("two", "GET")).body.endpoint).toBe("unconfigured");
    expect((await as("expired", "GET")).body).toMatchObject(unauthorized);
    expect((await as("stranger", "GET")).body).toMatchObject(unauthorized);
    expect((await as("reader", "GET")).body).toMatchObject({
      status: 403,
      title: "Forbidden",
      detail: "You do not have permission to perform this action",
    });
  });

  test("is in no request log", async () => {
    await using stage = await startStage();
    await stage.call("GET", path);
    const [request] = stage.emulator.requests;
    expect(request).toEqual({
      at: Date.parse("2026-11-22T12:00:00Z"),
      method: "GET",
      region: "eu",
      path: "/v2/audit-log-webhook",
      userAgent: "stage",
      status: 200,
    });
  });
});

describe("the signing keys", () => {
  test("need no token and differ by region", async () => {
    await using stage = await startStage();
    const keys = async (region: string) =>
      (
        await stage.call("GET", `/${region}/v2/audit-log-webhook/jwks.json`, undefined, {
          authorization: "",
        })
      ).body.keys;
    const [key] = await keys("eu");
    expect(key).toMatchObject({ kty: "OKP", alg: "EdDSA", crv: "Ed25519" });
    expect(key.x).toHaveLength(43);
    expect(key.kid).toMatch(/^[0-9a-f]{40}$/);
    expect(await keys("eu")).toEqual([key]);
    expect((await keys("us"))[0].x).not.toBe(key.x);
  });
});

describe("an address", () => {
  test("that is taken is an error that names it", async () => {
    await using stage = await startStage();
    const port = Number(new URL(stage.emulator.url).port);
    await expect(startStage({ port })).rejects.toMatchObject({
      code: "EMULATOR_ADDRESS_IN_USE",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });
});

describe("a path that is not there", () => {
  test.each([
    ["GET", "/eu/v2/nothing", 404],
    ["GET", "/eu/v9/audit-log-webhook", 404],
    ["GET", "/EU/v2/audit-log-webhook", 404],
    ["GET", "//host/v2/audit-log-webhook", 404],
    ["DELETE", "/eu/v2/audit-log-webhook", 405],
    ["GET", "/eu/v3/audit-log-webhook/jwks.json", 404],
  ])("%s %s gets %i as problem", async (method, missing, expected) => {
    await using stage = await startStage();
    const { status, headers, body } = await stage.call(method, missing);
    expect(status).toBe(expected);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({ status: expected, title: expect.any(String) });
  });

  test("and a body beyond 1 MiB gets a 413", async () => {
    await using stage = await startStage();
    const { status } = await stage.call("PATCH", path, { endpoint: "x".repeat(2 ** 20) });
    expect(status).toBe(413);
  });
});

describe("an endpoint", () => {
  // What Go's net/url refuses, or finds no host in; Node's parser trims and repairs it.
  test.each([
    " https://a.example/",
    "https://a.example/\n",
    "https:a.example",
    "https:/a.example",
    "https:///a.example",
    "https://a.example/ b",
    "https://a b.example/",
    "https:\\\\a.example\\b",
    "https://a.example/\u0007",
    "https://a.example/\u0085",
    "https://a.example/%zz",
    "https://a.example/100%",
    "https://?a=b",
    "https://a.example:99999/",
    "ftp://a.example/",
  ])("%j is refused by a webhook and by a destination", async (endpoint) => {
    await using stage = await startStage();
    const body = { endpoint, authorization: "x", log_format: "json", name: "siem" };
    for (const [method, at] of [
      ["PATCH", path],
      ["POST", "/eu/v3/audit-log-destinations"],
    ] as const) {
      const refused = await stage.call(method, at, body);
      expect(refused.status).toBe(400);
      expect(refused.body.invalid_parameters[0].field).toBe("endpoint");
    }
  });

  test.each([
    "https://a.example",
    "HTTPS://A.example/",
    "https://user:pass@a.example:8443/a/b%20c?code=100%&d=e#f",
    "https://[::1]:8443/",
    "https://münchen.example/ä",
    "http://127.0.0.1:1/",
  ])("%j is taken and shown as it was given", async (endpoint) => {
    await using stage = await startStage();
    expect((await stage.call("PATCH", path, { endpoint })).body.endpoint).toBe(endpoint);
  });
});
