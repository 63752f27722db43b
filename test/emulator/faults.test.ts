import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/index.js";
import { startStage } from "./stage.js";

const path = "/eu/v2/audit-log-webhook";
const settings = { endpoint: "https://127.0.0.1:1/", authorization: "Bearer x" };

describe("a fault", () => {
  test("strikes as often as its count says, where its region, method and path say", async () => {
    await using stage = await startStage();
    stage.emulator.faults.add({
      region: "eu",
      method: "get",
      path: "/v2/audit-log-webhook",
      count: 2,
      effect: { kind: "status", status: 429, retryAfter: "3" },
    });
    const status = async (method: string, at: string) => (await stage.call(method, at, {})).status;
    expect((await stage.call("GET", `${path}/status`)).status).toBe(200);
    expect((await stage.call("GET", "/us/v2/audit-log-webhook")).status).toBe(200);
    expect(await status("PATCH", path)).toBe(200);
    const struck = await stage.call("GET", path);
    expect(struck.status).toBe(429);
    expect(struck.headers.get("retry-after")).toBe("3");
    expect(struck.headers.get("content-type")).toBe("application/problem+json");
    expect(struck.body).toMatchObject({ title: "Rate Limited", detail: "Too many requests" });
    expect((await stage.call("GET", path)).status).toBe(429);
    expect((await stage.call("GET", path)).status).toBe(200);
    expect(stage.emulator.faults.list()).toEqual([]);
  });

  test("of a path with a star strikes everything below", async () => {
    await using stage = await startStage();
    stage.emulator.faults.add({ path: "/v2/*", effect: { kind: "status", status: 503 } });
    expect((await stage.call("GET", path)).status).toBe(503);
    expect((await stage.call("GET", "/us/v2/audit-log-webhook/status")).status).toBe(503);
    expect((await stage.call("GET", "/us/v3/audit-log-webhook")).status).toBe(200);
  });

  test("with a rate strikes by chance", async () => {
    await using stage = await startStage({ random: () => 0.5 });
    const { faults } = stage.emulator;
    faults.add({ rate: 0.4, effect: { kind: "status", status: 500 } });
    expect((await stage.call("GET", path)).status).toBe(200);
    faults.add({ rate: 0.6, effect: { kind: "status", status: 500 } });
    expect((await stage.call("GET", path)).status).toBe(500);
  });

  test("can leave detail out of a problem", async () => {
    await using stage = await startStage();
    stage.emulator.faults.add({ effect: { kind: "status", status: 403, omitDetail: true } });
    const { body } = await stage.call("GET", path);
    expect(body).toEqual({
      status: 403,
      title: "Forbidden",
      instance: expect.stringMatching(/^kong:trace:/),
    });
  });

  test("can make an answer late", async () => {
    await using stage = await startStage();
    stage.emulator.faults.add({ effect: { kind: "latency", milliseconds: 1234 } });
    expect((await stage.call("GET", path)).status).toBe(200);
    expect(stage.clock.slept).toContain(1234);
  });

  test.each([
    ["before", "unconfigured"],
    ["after", settings.endpoint],
  ] as const)("can reset the connection %s the work was done", async (when, endpoint) => {
    await using stage = await startStage();
    stage.emulator.faults.add({ method: "PATCH", effect: { kind: "reset", when } });
    await expect(stage.call("PATCH", path, settings)).rejects.toThrow("fetch failed");
    expect((await stage.call("GET", path)).body.endpoint).toBe(endpoint);
    expect(stage.emulator.requests.map(({ status }) => status)).toEqual([0, 200]);
  });

  test.each([
    ["truncated", "application/json", '{"enabled":false,"en'],
    ["non-json", "application/json", "upstream connect error"],
    ["html", "text/html", "<!doctype html>"],
    ["empty", "application/json", ""],
  ] as const)("can make the body %s", async (body, type, start) => {
    await using stage = await startStage();
    stage.emulator.faults.add({ effect: { kind: "body", body } });
    const answer = await fetch(`${stage.emulator.url}${path}`, {
      headers: { authorization: "Bearer kpat_x" },
    });
    expect(answer.headers.get("content-type")).toBe(type);
    const text = await answer.text();
    expect(text.slice(0, start.length)).toBe(start);
    expect(() => JSON.parse(text)).toThrow();
  });

  test("can show what was there before the last write", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, settings);
    stage.emulator.faults.add({ method: "GET", count: 1, effect: { kind: "stale" } });
    expect((await stage.call("GET", path)).body.endpoint).toBe("unconfigured");
    expect((await stage.call("GET", path)).body.endpoint).toBe(settings.endpoint);
  });

  test("can skew the clock that answers show", async () => {
    await using stage = await startStage({ knobs: { clockSkewMs: 3_600_000 } });
    const { headers } = await stage.call("GET", path);
    expect(headers.get("date")).toBe("Sun, 22 Nov 2026 13:00:00 GMT");
  });

  test("that makes no sense is refused and leaves the others in force", async () => {
    await using stage = await startStage();
    const { faults } = stage.emulator;
    faults.add({ effect: { kind: "status", status: 500 } });
    const nonsense = { effect: { kind: "status", status: 200 } } as Fault;
    expect(() => faults.add(nonsense)).toThrowError(
      expect.objectContaining({ code: "EMULATOR_SETTINGS_INVALID" }),
    );
    expect(faults.list()).toHaveLength(1);
  });
});

describe("the control API", () => {
  test("adds, lists and removes faults at run time", async () => {
    await using stage = await startStage();
    const added = await stage.call("POST", "/_emulator/faults", {
      region: "eu",
      effect: { kind: "status", status: 500 },
    });
    expect(added).toMatchObject({ status: 201, body: { id: "1" } });
    expect((await stage.call("GET", path)).status).toBe(500);
    expect((await stage.call("GET", "/_emulator/faults")).body).toMatchObject([
      { id: "1", region: "eu", hits: 1 },
    ]);
    expect((await stage.call("DELETE", "/_emulator/faults/1")).status).toBe(204);
    expect((await stage.call("DELETE", "/_emulator/faults/1")).status).toBe(404);
    expect((await stage.call("GET", path)).status).toBe(200);
  });

  test("changes knobs, all or none", async () => {
    await using stage = await startStage();
    const refused = await stage.call("PATCH", "/_emulator/knobs", {
      flushIntervalMs: 5,
      retryProfile: "never",
    });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toContain("retryProfile");
    expect(stage.emulator.knobs.flushIntervalMs).toBe(200);
    await stage.call("PATCH", "/_emulator/knobs", { flushIntervalMs: 5 });
    expect(stage.emulator.knobs.flushIntervalMs).toBe(5);
    const { body } = await stage.call("GET", "/_emulator/knobs");
    expect(body).toContainEqual({
      name: "flushIntervalMs",
      value: 5,
      description: expect.stringContaining("batch"),
    });
  });

  test.each(["null", "5", '"x"', "[1]", "true"])("takes no %s for knobs", async (body) => {
    await using stage = await startStage();
    const refused = await stage.call("PATCH", "/_emulator/knobs", body);
    expect([refused.status, refused.body.error]).toEqual([400, expect.stringContaining("knobs")]);
  });

  test("keeps the last calls only, however long their user agents are", async () => {
    await using stage = await startStage();
    const agent = "x".repeat(14_000);
    for (let call = 0; call < 310; call++) {
      await stage.call("GET", path, undefined, { "user-agent": agent });
    }
    expect(stage.emulator.requests.length).toBeLessThan(310);
    expect(stage.emulator.requests.at(-1)?.userAgent).toBe(agent);
  });

  test("takes no fault for a region that is not served: it would never strike", async () => {
    await using stage = await startStage({ regions: ["jp"] });
    const fault = (region: string) => ({ region, effect: { kind: "status", status: 500 } });
    for (const [region, status] of [
      ["ue", 400],
      ["eu", 201],
      ["jp", 201],
      ["global", 201],
    ] as const) {
      expect((await stage.call("POST", "/_emulator/faults", fault(region))).status).toBe(status);
    }
    const { body } = await stage.call("POST", "/_emulator/faults", fault("ue"));
    expect(body.error).toContain('did you mean "eu"');
  });

  test("shows calls and attempts, without tokens and query values", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, {
      endpoint: "http://127.0.0.1:1/in?code=s3cret",
      enabled: true,
      authorization: "s3cret",
    });
    await stage.emulator.idle();
    const attempts = await stage.call("GET", "/_emulator/attempts");
    expect(attempts.body).toHaveLength(5);
    const shown = JSON.stringify([
      attempts.body,
      (await stage.call("GET", "/_emulator/requests")).body,
      (await stage.call("GET", "/_emulator/webhooks")).body,
    ]);
    expect(shown).toContain("/in?code=***");
    expect(shown).not.toMatch(/s3cret|kpat_/);
  });

  test.each([
    ["another host name", { host: "rebound.example" }],
    ["a form's content type", { "content-type": "text/plain" }],
  ])("refuses what a web page could send: %s", async (_, headers) => {
    await using stage = await startStage();
    const { request } = await import("undici");
    const { statusCode, body } = await request(`${stage.emulator.url}/_emulator/faults`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ effect: { kind: "status", status: 500 } }),
    });
    await body.dump();
    expect(statusCode).toBe(403);
    expect(stage.emulator.faults.list()).toEqual([]);
  });

  test("names what there is when something is not there", async () => {
    await using stage = await startStage();
    const { status, body } = await stage.call("GET", "/_emulator/nothing");
    expect(status).toBe(404);
    expect(body.operations).toContain("GET faults");
  });

  test("refuses a body that is no JSON", async () => {
    await using stage = await startStage();
    expect((await stage.call("POST", "/_emulator/faults", "{")).status).toBe(400);
  });
});
