import { describe, expect, test } from "vitest";
import { readJwks } from "../../src/events/jwks.js";
import { parseLine } from "../../src/events/parse.js";
import { verifyLine } from "../../src/events/signature.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const path = (region: string) => `/${region}/v2/audit-log-webhook`;
const settings = (endpoint: string, more: object = {}) => ({
  endpoint,
  authorization: "Splunk s3cret",
  enabled: true,
  log_format: "json",
  ...more,
});

describe("a call", () => {
  test("is delivered as its audit events: one trace, the caller's user agent, signed", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    const before = siem.lines().length;
    await stage.call("GET", path("eu"), undefined, { "user-agent": "probe/1 sig=x" });
    await stage.emulator.idle();
    const lines = siem.lines().slice(before);
    const events = lines.map(parseLine);
    expect(events.map(({ name, severity }) => [name, severity])).toEqual([
      ["AUTHENTICATION_OUTCOME_SUCCESS", 0],
      ["Authz.webhook", 1],
    ]);
    expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(events.map(({ userAgent }) => userAgent))).toEqual(new Set(["probe/1 sig=x"]));
    const jwks = await stage.call("GET", `${path("eu")}/jwks.json`);
    const keys = readJwks(jwks.body);
    expect(lines.map((line) => verifyLine(line, keys).outcome)).toEqual(["valid", "valid"]);
    const [, check] = events;
    expect(Object.fromEntries(check?.fields ?? [])).toMatchObject({
      action: "read",
      granted: "true",
      event_class_id: "auditlogs",
      event_product: "Konnect",
      src: "127.0.0.1",
      event_ts: "2026-11-22T12:00:00Z",
    });
  });

  test("that writes is delivered with an access event too", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", `${path("eu")}?a=b`, settings(siem.url));
    await stage.emulator.idle();
    const access = siem
      .lines()
      .map(parseLine)
      .find(({ kind }) => kind === "access");
    expect(Object.fromEntries(access?.fields ?? [])).toMatchObject({
      name: "Ingress",
      event_class_id: "KongGateway",
      act: "PATCH",
      status: "200",
      request: "/v2/audit-log-webhook",
      query: '{"a":"b"}',
    });
  });

  test.each(["cef", "json", "cps"])(
    "is delivered in %s, and every line verifies",
    async (format) => {
      await using siem = await startSiem();
      await using stage = await startStage();
      await stage.call("PATCH", path("eu"), settings(siem.url, { log_format: format }));
      await stage.emulator.idle();
      const keys = readJwks((await stage.call("GET", `${path("eu")}/jwks.json`)).body);
      expect(siem.lines()).toHaveLength(3);
      for (const line of siem.lines()) {
        expect(parseLine(line)).toMatchObject({ format, complete: true });
        expect(verifyLine(line, keys).outcome).toBe("valid");
      }
    },
  );

  test("is posted gzipped as text/plain with the credential verbatim", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(`${siem.url}?code=1`));
    await stage.emulator.idle();
    expect(siem.batches).toHaveLength(1);
    expect(siem.batches[0]).toMatchObject({
      method: "POST",
      url: "/audit-logs?code=1",
      headers: {
        "content-type": "text/plain",
        "content-encoding": "gzip",
        authorization: "Splunk s3cret",
      },
    });
  });

  test("with a bad token is an authentication event and no more", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    const before = siem.lines().length;
    await stage.call("GET", path("eu"), undefined, { authorization: "Bearer wrong" });
    await stage.emulator.idle();
    const events = siem.lines().slice(before).map(parseLine);
    expect(events.map(({ name, severity }) => [name, severity])).toEqual([
      ["AUTHENTICATION_OUTCOME_INVALID", 7],
    ]);
  });

  test("in another region is delivered there only", async () => {
    await using eu = await startSiem();
    await using us = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(eu.url));
    await stage.call("PATCH", path("us"), settings(us.url));
    await stage.call("GET", path("us"), undefined, { "user-agent": "only-us" });
    await stage.emulator.idle();
    const agents = (siem: typeof eu) => siem.lines().map((line) => parseLine(line).userAgent);
    expect(agents(us)).toContain("only-us");
    expect(agents(eu)).not.toContain("only-us");
  });

  test("is delivered although another region's receiver never answers", async () => {
    await using silent = await startSiem({ hold: new Promise(() => {}) });
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(silent.url));
    await expect.poll(() => silent.batches.length).toBe(1);
    await stage.call("PATCH", path("us"), settings(siem.url));
    await expect.poll(() => siem.lines().length).toBe(3);
  });

  test("on a paused webhook is not delivered", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(siem.url, { enabled: false }));
    await stage.call("GET", path("eu"));
    await stage.emulator.idle();
    expect(siem.batches).toEqual([]);
  });

  test.each([
    ["unsigned", "unsigned"],
    ["wrong-key", "invalid"],
  ] as const)("under the fault %s arrives with a signature that is %s", async (kind, outcome) => {
    await using siem = await startSiem();
    await using stage = await startStage();
    stage.emulator.faults.add({ region: "eu", delivery: { kind } });
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    const keys = readJwks((await stage.call("GET", `${path("eu")}/jwks.json`)).body);
    expect(new Set(siem.lines().map((line) => verifyLine(line, keys).outcome))).toEqual(
      new Set([outcome]),
    );
  });

  test("can be dropped, diverted and duplicated by faults", async () => {
    await using siem = await startSiem();
    await using other = await startSiem();
    await using stage = await startStage();
    const { faults } = stage.emulator;
    faults.add({ count: 1, delivery: { kind: "drop" } });
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    expect(siem.batches).toHaveLength(0);
    faults.add({ count: 1, delivery: { kind: "divert", endpoint: other.url } });
    await stage.call("GET", path("eu"));
    await stage.emulator.idle();
    expect([siem.batches.length, other.batches.length]).toEqual([0, 1]);
    faults.add({ count: 1, delivery: { kind: "duplicate" } });
    await stage.call("GET", path("eu"));
    await stage.emulator.idle();
    expect(siem.batches[1]?.lines).toEqual(siem.batches[0]?.lines);
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body[0].counts).toMatchObject({ recorded: 7, dropped: 3, delivered: 4 });
  });
});

describe("a receiver's answer", () => {
  test("can be played by a fault, attempt by attempt", async () => {
    await using siem = await startSiem();
    await using stage = await startStage({ knobs: { retryProfile: "retryablehttp" } });
    stage.emulator.faults.add({
      region: "eu",
      count: 2,
      delivery: { kind: "receiver", status: 503, retryAfter: "5" },
    });
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    expect(stage.clock.slept).toEqual([200, 5000, 5000]);
    expect(siem.batches).toHaveLength(1);
  });
});

describe("events beyond what is kept", () => {
  test("are never sent when they still waited, the oldest first, and are counted and told", async () => {
    const told: string[] = [];
    await using siem = await startSiem();
    await using stage = await startStage({
      knobs: { maxRetainedEvents: 2 },
      log: (line) => told.push(line),
    });
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    expect(siem.lines().map((line) => parseLine(line).kind)).toEqual(["authorization", "access"]);
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body[0].counts).toMatchObject({ recorded: 3, overflow: 1, evicted: 1, delivered: 2 });
    expect(body[0].retained).toBe(2);
    expect(told).toEqual([
      expect.stringMatching(/^region eu: .* overflow: 1 were never sent/),
      expect.stringMatching(/^region eu: .* evicted: 1 can't be replayed/),
    ]);
  });

  test("are told at each power of ten, not at each event", async () => {
    const told: string[] = [];
    await using stage = await startStage({
      knobs: { maxRetainedEvents: 10 },
      log: (line) => told.push(line),
    });
    for (let round = 0; round <= 100; round++) {
      stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 10 });
    }
    expect(told).toHaveLength(3);
  });

  test("cost a batch that is under way nothing", async () => {
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using siem = await startSiem({ hold });
    await using stage = await startStage();
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await expect.poll(() => siem.batches.length).toBe(1);
    stage.emulator.set({ maxRetainedEvents: 1 });
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 5 });
    release();
    await stage.emulator.idle();
    expect(siem.lines()).toHaveLength(4);
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body[0].counts).toMatchObject({ recorded: 8, delivered: 4, overflow: 4, evicted: 7 });
  });

  test("make a replay job fail that had not come to them yet", async () => {
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using held = await startSiem({ hold });
    await using stage = await startStage({ knobs: { maxBatchEvents: 3 } });
    const { emulator, clock } = stage;
    emulator.makeEvents({ kind: "permission-check", region: "eu", count: 30 });
    await stage.call("PATCH", path("eu"), settings(held.url));
    const start_at = "2026-11-22T12:00:00Z";
    const end_at = new Date(clock.now()).toISOString();
    await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at, end_at });
    await expect.poll(() => held.batches.length).toBe(1);
    emulator.set({ maxRetainedEvents: 10 });
    emulator.makeEvents({ kind: "permission-check", region: "eu", count: 50 });
    release();
    await emulator.idle();
    const { body } = await stage.call("GET", "/eu/v2/audit-log-replay-job");
    expect(body.status).toBe("failed");
  });
});

describe("deliveries", () => {
  test("go out in batches of the size that is set", async () => {
    await using siem = await startSiem();
    await using stage = await startStage({ knobs: { maxBatchEvents: 2 } });
    await stage.call("PATCH", path("eu"), settings(siem.url));
    await stage.emulator.idle();
    expect(siem.batches.map(({ lines }) => lines.length)).toEqual([2, 1]);
  });
});
