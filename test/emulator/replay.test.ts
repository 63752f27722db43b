import { describe, expect, test } from "vitest";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const webhook = "/eu/v2/audit-log-webhook";
const path = "/eu/v2/audit-log-replay-job";
const day = 24 * 3_600_000;
const start = Date.parse("2026-11-22T12:00:00Z");
const at = (offset: number) => new Date(start + offset).toISOString();
const lastHour = { start_at: at(-3_600_000), end_at: at(0) };

const stepMs = 11;

/** A clock that lets a replay job take so many steps and no more; other sleeps end at once. */
function createJobClock(steps: number) {
  let left = steps;
  return {
    now: () => start,
    monotonic: () => start,
    sleep: (milliseconds: number, { signal }: { signal?: AbortSignal | undefined } = {}) => {
      if (milliseconds !== stepMs) return Promise.resolve();
      left -= 1;
      if (left >= 0) return Promise.resolve();
      return new Promise<void>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
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

  test.each([
    { state: "unconfigured", puts: false, steps: 0, held: false, enabled: true, next: 202 },
    { state: "accepted", puts: true, steps: 0, held: false, enabled: true, next: 202 },
    { state: "pending", puts: true, steps: 1, held: false, enabled: true, next: 202 },
    { state: "running", puts: true, steps: 2, held: true, enabled: true, next: 409 },
    { state: "completed", puts: true, steps: 2, held: false, enabled: true, next: 202 },
    { state: "failed", puts: true, steps: 2, held: false, enabled: false, next: 202 },
  ])("that is $state answers the next PUT with $next", async (row) => {
    await using siem = await startSiem(row.held ? { hold: new Promise(() => {}) } : {});
    const knobs = { replayStepMs: stepMs };
    await using stage = await startStage({ clock: createJobClock(row.steps), knobs });
    const { enabled, state } = row;
    await stage.call("PATCH", webhook, { endpoint: siem.url, enabled });
    if (row.puts) {
      expect(await stage.call("PUT", path, lastHour)).toMatchObject({
        status: 202,
        body: {
          start_at: "2026-11-22T11:00:00Z",
          end_at: "2026-11-22T12:00:00Z",
          status: "accepted",
          updated_at: "2026-11-22T12:00:00Z",
        },
      });
    }
    await expect.poll(async () => (await stage.call("GET", path)).body.status).toBe(state);
    const next = await stage.call("PUT", path, lastHour);
    expect(next.status).toBe(row.next);
    expect(next.body).toMatchObject(
      row.next === 202
        ? { status: "accepted" }
        : { title: "Resource Conflict", detail: "A replay job is currently running" },
    );
  });

  test("brings all that was lost while the receiver was down for the whole retry window", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true, log_format: "json" });
    await stage.emulator.idle();
    const before = siem.lines().length;
    const from = new Date(stage.clock.now()).toISOString();
    for (let attempt = 0; attempt < 5; attempt++) siem.answerNext(500);
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 40 });
    await stage.emulator.idle();
    const attempts = siem.batches.slice(1).map(({ lines }) => lines);
    expect(attempts).toHaveLength(5); // the first and four retries, all of them refused
    const status = await stage.call("GET", `${webhook}/status`);
    expect(status.body).toMatchObject({ webhook_status: "inactive", last_response_code: 500 });
    const [lost] = (await stage.call("GET", "/_emulator/webhooks")).body;
    expect(lost.counts).toMatchObject({ lost: 40, delivered: before });
    await stage.emulator.idle();
    const delivered = siem.batches.length;
    const end_at = new Date(stage.clock.now()).toISOString();
    await stage.call("PUT", path, { start_at: from, end_at });
    await stage.emulator.idle();
    expect((await stage.call("GET", path)).body.status).toBe("completed");
    const replayed = siem.batches.slice(delivered).flatMap(({ lines }) => lines);
    expect(replayed).toEqual(expect.arrayContaining(attempts[0] ?? []));
    expect(attempts[0]).toHaveLength(40);
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
