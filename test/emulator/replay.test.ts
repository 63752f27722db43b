import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/events/parse.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const webhook = "/eu/v2/audit-log-webhook";
const path = "/eu/v2/audit-log-replay-job";
const day = 24 * 3_600_000;
const start = Date.parse("2026-11-22T12:00:00Z");
const at = (offset: number) => new Date(start + offset).toISOString();
const lastHour = { start_at: at(-3_600_000), end_at: at(0) };

/** A clock whose sleeps end when the test says so. */
function createSteppedClock() {
  const waiting: (() => void)[] = [];
  return {
    now: () => start,
    sleep: (_: number, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
    async step() {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("a replay job", () => {
  test("starts unconfigured", async () => {
    await using stage = await startStage();
    expect((await stage.call("GET", path)).body).toEqual({
      status: "unconfigured",
      updated_at: "0001-01-01T00:00:00Z",
      start_at: "0001-01-01T00:00:00Z",
      end_at: "0001-01-01T00:00:00Z",
    });
  });

  test("goes from accepted through pending and running; only running refuses another", async () => {
    const clock = createSteppedClock();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using siem = await startSiem({ hold: held });
    await using stage = await startStage({ clock });
    const status = async () => (await stage.call("GET", path)).body.status;
    const put = async () => (await stage.call("PUT", path, lastHour)).status;
    await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true });
    const accepted = await stage.call("PUT", path, lastHour);
    expect(accepted).toMatchObject({
      status: 202,
      body: {
        start_at: "2026-11-22T11:00:00Z",
        end_at: "2026-11-22T12:00:00Z",
        status: "accepted",
        updated_at: "2026-11-22T12:00:00Z",
      },
    });
    expect(await put()).toBe(202); // replaces the one that was accepted
    await clock.step(); // the flush of the PATCH's events, which the SIEM now holds
    await clock.step(); // the replaced job ends
    await clock.step();
    expect(await status()).toBe("pending");
    await clock.step();
    expect(await status()).toBe("running");
    expect(await stage.call("PUT", path, lastHour)).toMatchObject({
      status: 409,
      body: { title: "Resource Conflict", detail: "A replay job is currently running" },
    });
    release();
    await expect.poll(status).toBe("completed");
    expect(await put()).toBe(202);
  });

  test("brings everything that was lost while the receiver was down", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true, log_format: "json" });
    await stage.emulator.idle();
    await stage.call("PATCH", webhook, { endpoint: "http://127.0.0.1:1/" });
    for (const agent of ["one", "two"]) {
      await stage.call("GET", webhook, undefined, { "user-agent": agent });
      await stage.emulator.idle();
    }
    const [lost] = (await stage.call("GET", "/_emulator/webhooks")).body;
    expect(lost.counts.lost).toBe(7);
    await stage.call("PATCH", webhook, { endpoint: siem.url });
    const now = new Date(stage.clock.now()).toISOString();
    await stage.call("PUT", path, { start_at: at(0), end_at: now });
    await stage.emulator.idle();
    expect((await stage.call("GET", path)).body.status).toBe("completed");
    const agents = siem.lines().map((line) => parseLine(line).userAgent);
    expect(agents.filter((agent) => agent === "one")).toHaveLength(2);
    expect(agents.filter((agent) => agent === "two")).toHaveLength(2);
  });

  test.each([
    ["the receiver refuses", { enabled: true }, 400],
    ["the webhook is disabled", { enabled: false }, 202],
  ])("fails when %s", async (_, more, code) => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true });
    await stage.emulator.idle();
    await stage.call("PATCH", webhook, more);
    for (let n = 0; n < 4; n++) siem.answerNext(code);
    await stage.call("PUT", path, { start_at: at(0), end_at: at(0) });
    await stage.emulator.idle();
    expect((await stage.call("GET", path)).body.status).toBe("failed");
  });

  test.each([
    ["no start", { end_at: at(0) }, "start_at", "cannot be blank"],
    ["no end", { start_at: at(0) }, "end_at", "cannot be blank"],
    ["no date", { start_at: "today", end_at: at(0) }, "start_at", "must be an RFC 3339 date-time"],
    [
      "the 31st of February",
      { start_at: "2026-02-31T00:00:00Z", end_at: at(0) },
      "start_at",
      "must be an RFC 3339 date-time",
    ],
    [
      "more than seven days back",
      { start_at: at(-7 * day - 1), end_at: at(0) },
      "start_at",
      "must be within the last 7 days",
    ],
    [
      "the future",
      { start_at: at(0), end_at: at(60_000) },
      "end_at",
      "must be within the last 7 days",
    ],
    [
      "an end before the start",
      { start_at: at(0), end_at: at(-1) },
      "end_at",
      "must not be before start_at",
    ],
  ])("with %s is refused", async (_, body, field, reason) => {
    await using stage = await startStage();
    const refused = await stage.call("PUT", path, body);
    expect(refused).toMatchObject({
      status: 400,
      body: { invalid_parameters: [{ field, reason }] },
    });
    expect((await stage.call("GET", path)).body.status).toBe("unconfigured");
  });
});
