import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/events/parse.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const path = "/eu/v3/audit-logs";
const start = Date.parse("2026-11-22T12:00:00Z");
const at = (offset: number) => new Date(start + offset).toISOString();

const cursorAt = (at: string) => Buffer.from(JSON.stringify({ at })).toString("base64url");
const cursor = cursorAt("0000000000000001");

type Log = Record<string, unknown> & { type: string };

describe("the pull API", () => {
  test("needs no webhook and tells each kind with its own names", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", { enabled: false });
    const { status, body } = await stage.call("GET", path);
    expect(status).toBe(200);
    const [access, authorization, authentication] = body.data; // newest first
    const common = {
      ts: "2026-11-22T12:00:00Z",
      client_ip: "127.0.0.1",
      user_agent: "stage",
      org_id: expect.any(String),
      principal_id: expect.any(String),
      trace_id: authentication.trace_id,
      signature: expect.stringMatching(/^[\w-]{86}$/),
    };
    expect(authentication).toEqual({
      ...common,
      type: "authentication",
      successful: true,
      outcome: "success",
      authentication_type: "pat",
      uri: "/api/v1/personal-access-tokens/introspect",
    });
    expect(authorization).toEqual({
      ...common,
      type: "authorization",
      service: "auditlogs",
      action: "edit",
      granted: true,
      resource: "krn:konnect:audit-logs:webhook",
    });
    expect(access).toEqual({
      ...common,
      type: "gateway_access",
      method: "PATCH",
      uri: "/v2/audit-log-webhook",
      query: "{}",
      status_code: 200,
      actor_id: "",
    });
  });

  test("shows the signature that the delivered JSON line has", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", {
      endpoint: siem.url,
      enabled: true,
      log_format: "json",
    });
    await stage.emulator.idle();
    const { body } = await stage.call("GET", path);
    const pulled = body.data.map(({ signature }: Log) => signature);
    expect(pulled.reverse()).toEqual(siem.lines().map((line) => parseLine(line).signature));
  });

  test("pages through everything exactly once", async () => {
    await using stage = await startStage();
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 45 });
    const seen: Log[] = [];
    const filter = "filter[ts][lte]=2026-11-22T12:00:00Z&filter[type]=authorization";
    // Reading makes events of its own: the clock moves on, so that the upper bound leaves them out.
    await stage.clock.sleep(1000);
    let next: string | null = `/audit-logs?${filter}`;
    const sizes: number[] = [];
    while (next) {
      const { body } = await stage.call("GET", `/eu/v3${next}`);
      expect(Object.keys(body.meta)).toEqual(["page"]);
      seen.push(...body.data);
      sizes.push(body.data.length);
      next = body.meta.page.next;
    }
    expect(sizes).toEqual([20, 20, 5]);
    expect(new Set(seen.map(({ trace_id }) => trace_id)).size).toBe(45);
  });

  test("keeps to the bounds of time, both included, and forgets after seven days", async () => {
    await using stage = await startStage();
    const events = { kind: "permission-check", region: "eu" } as const;
    for (let n = 0; n < 3; n++) {
      stage.emulator.makeEvents(events);
      await stage.clock.sleep(1000);
    }
    const count = async (query: string) =>
      (await stage.call("GET", `${path}?${query}`)).body.data.length;
    const of = (gte: number, lte: number) =>
      `filter[ts][gte]=${at(gte)}&filter[ts][lte]=${at(lte)}`;
    expect(await count(of(0, 2000))).toBe(3);
    expect(await count(of(1000, 1000))).toBe(1);
    expect(await count(of(1, 999))).toBe(0);
    await stage.clock.sleep(8 * 24 * 3_600_000);
    expect(await count(of(0, 2000))).toBe(0);
  });

  test.each([
    ["page[size]=1001", "page[size]"],
    ["page[size]=1&page[size]=1", "page[size]"],
    ["page[number]=1", "page[number]"],
    ["page=1", "page"],
    ["page[after]=nonsense", "page[after]"],
    [`page[before]=${cursorAt("zzz")}`, "page[before]"],
    [`page[after]=${cursorAt("end")}`, "page[after]"],
    [`page[after]=${cursor}&page[before]=${cursor}`, "page[before]"],
    ["filter[ts][gte]=yesterday", "filter[ts][gte]"],
    ["filter[ts][gte]=", "filter[ts][gte]"],
    ["filter[ts][gt]=2026-11-22T12:00:00Z", "filter[ts][gt]"],
    ["filter[ts]=2026-11-22T12:00:00Z", "filter[ts]"],
    ["filter[type]=access", "filter[type]"],
    ["filter[type]=", "filter[type]"],
    ["filter[type]=authorization&filter[type]=authentication", "filter[type]"],
    ["filter[name]=x", "filter[name]"],
    ["filter", "filter"],
  ])("refuses %s", async (query, field) => {
    await using stage = await startStage();
    const { status, body } = await stage.call("GET", `${path}?${query}`);
    expect(status).toBe(400);
    expect(body.invalid_parameters[0].field).toBe(field);
  });

  test("counts what the bound pushed out", async () => {
    await using stage = await startStage({ knobs: { maxRetainedEvents: 10 } });
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 50 });
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body[0]).toMatchObject({ retained: 10, counts: { recorded: 50, evicted: 40 } });
  });
});
