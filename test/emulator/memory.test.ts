import { describe, expect, test } from "vitest";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const webhook = (region: string) => `/${region}/v2/audit-log-webhook`;
const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const made = (region: string, count: number) =>
  ({ kind: "permission-check", region, count }) as const;

type Stage = Awaited<ReturnType<typeof startStage>>;

async function webhooksOf(stage: Stage): Promise<Record<string, ReturnType<typeof JSON.parse>>> {
  const { body } = await stage.call("GET", "/_emulator/webhooks");
  const list = body as { region: string; portalId?: string }[];
  return Object.fromEntries(list.map((entry) => [entry.portalId ?? entry.region, entry]));
}

describe("the memory of all webhooks together", () => {
  test("stays below its bound: whoever holds the most gives up its oldest, counted and told", async () => {
    const told: string[] = [];
    const maxEventBytes = 100_000;
    await using stage = await startStage({
      knobs: { maxEventBytes },
      log: (line) => told.push(line),
    });
    stage.emulator.makeEvents(made("us", 50));
    stage.emulator.makeEvents({ kind: "portal-login", region: "us", portalId, count: 50 });
    for (let round = 0; round < 10; round++) stage.emulator.makeEvents(made("eu", 1000));
    const { eu, us, [portalId]: portal } = await webhooksOf(stage);
    expect(us).toMatchObject({ retained: 50, counts: { recorded: 50, evicted: 0 } });
    expect(portal).toMatchObject({ retained: 50, counts: { recorded: 50, evicted: 0 } });
    expect(eu.counts.recorded).toBe(10_000);
    expect(eu.retained + eu.counts.evicted).toBe(10_000);
    expect(eu.retained).toBeGreaterThan(0);
    const { body: memory } = await stage.call("GET", "/_emulator/memory");
    expect(memory).toEqual({ bytes: us.bytes + eu.bytes + portal.bytes, maxEventBytes });
    expect(memory.bytes).toBeLessThanOrEqual(maxEventBytes);
    expect(told[0]).toMatch(/^region eu: too many events are kept; evicted: \d+ /);
    expect(told.length).toBeLessThan(6); // at each power of ten, not at each event
  });

  test("costs the oldest their delivery when they still waited, and the newest arrive", async () => {
    const told: string[] = [];
    await using siem = await startSiem();
    await using stage = await startStage({
      knobs: { maxEventBytes: 20_000 },
      log: (line) => told.push(line),
    });
    await stage.call("PATCH", webhook("eu"), { endpoint: siem.url, enabled: true });
    await stage.emulator.idle();
    const before = siem.lines().length;
    for (let round = 0; round < 10; round++) stage.emulator.makeEvents(made("eu", 20));
    await stage.emulator.idle();
    const { eu } = await webhooksOf(stage);
    expect(eu.waiting).toBe(0);
    expect(eu.counts.overflow).toBeGreaterThan(0);
    expect(eu.counts.delivered + eu.counts.overflow).toBe(eu.counts.recorded);
    expect(siem.lines().length - before).toBe(eu.counts.delivered - before);
    expect(told.join("\n")).toMatch(/overflow: \d+ were never sent/);
  });

  test("never costs a batch that is under way, and refuses what there is no room for", async () => {
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using siem = await startSiem({ hold });
    await using stage = await startStage();
    await stage.call("PATCH", webhook("eu"), { endpoint: siem.url, enabled: true });
    await expect.poll(() => siem.batches.length).toBe(1);
    stage.emulator.set({ maxEventBytes: 1 });
    stage.emulator.makeEvents(made("eu", 5));
    release();
    await stage.emulator.idle();
    const { eu } = await webhooksOf(stage);
    expect(siem.lines()).toHaveLength(3);
    expect(eu.counts).toMatchObject({ recorded: 8, delivered: 3, overflow: 5, evicted: 5 });
  });

  test("leads to no empty delivery when all that waited had to go", async () => {
    let flush = () => {};
    const waited = new Promise<void>((resolve) => {
      flush = resolve;
    });
    await using siem = await startSiem();
    await using stage = await startStage({
      clock: { now: () => 0, monotonic: () => 0, sleep: () => waited },
    });
    await stage.call("PATCH", webhook("eu"), { endpoint: siem.url, enabled: true });
    stage.emulator.set({ maxEventBytes: 1 });
    stage.emulator.makeEvents(made("eu", 1));
    flush();
    await stage.emulator.idle();
    expect(siem.batches).toEqual([]);
    const { eu } = await webhooksOf(stage);
    expect(eu.counts).toMatchObject({ recorded: 4, overflow: 4, evicted: 4, attempts: 0 });
  });

  test("makes a replay job fail whose events had to go before it came to them", async () => {
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using held = await startSiem({ hold });
    await using stage = await startStage({ knobs: { maxBatchEvents: 3 } });
    const { emulator, clock } = stage;
    emulator.makeEvents(made("eu", 30));
    await stage.call("PATCH", webhook("eu"), { endpoint: held.url, enabled: true });
    const start_at = "2026-11-22T12:00:00Z";
    const end_at = new Date(clock.now()).toISOString();
    await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at, end_at });
    await expect.poll(() => held.batches.length).toBe(1);
    emulator.set({ maxRetainedEvents: 10 });
    emulator.makeEvents(made("eu", 50));
    release();
    await emulator.idle();
    const { body } = await stage.call("GET", "/eu/v2/audit-log-replay-job");
    expect(body.status).toBe("failed");
  });

  test("is bounded for the list of calls too, however long their user agents are", async () => {
    await using stage = await startStage();
    const agent = "x".repeat(14_000);
    for (let call = 0; call < 310; call++) {
      await stage.call("GET", webhook("eu"), undefined, { "user-agent": agent });
    }
    expect(stage.emulator.requests.length).toBeLessThan(310);
    expect(stage.emulator.requests.at(-1)?.userAgent).toBe(agent);
  });
});
