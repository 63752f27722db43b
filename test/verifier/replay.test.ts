import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { httpEvidence } from "../../src/receiver/evidence-source.js";
import { countAtReceiver, countInFile } from "../../src/verifier/arrivals.js";
import { parseTime } from "../../src/verifier/duration.js";
import { renderReplay } from "../../src/verifier/render/replay.js";
import { replay } from "../../src/verifier/replay.js";
import { replayReportSchema } from "../../src/verifier/replay-report.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

let stage: VerifierStage | undefined;

afterEach(() => stage?.[Symbol.asyncDispose]());

const hour = 3_600_000;

describe("a replay", () => {
  test("brings what an outage lost, and counts what the receiver had before", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock, emulator, receiver, siem } = stage;
    const startAt = clock.now() - hour;
    await stage.configure("eu");
    const before = receiver.counters.events;
    siem.use([{ kind: "status", code: 503 }]);
    await client.getWebhook("eu");
    await emulator.idle();
    expect(receiver.counters.events).toBe(before);
    siem.use([{ kind: "forward", to: receiver.url }]);
    const states: string[] = [];
    const report = await replay({
      regions: ["eu"],
      startAt,
      client,
      clock,
      arrivals: countAtReceiver(httpEvidence(receiver.url)),
      onProgress: (_, status) => states.push(status),
    });
    expect(report.regions).toMatchObject([{ region: "eu", outcome: "completed" }]);
    expect(report.exit_code).toBe(0);
    expect(report.arrived?.new_events).toBeGreaterThan(0);
    expect(report.arrived?.known_events).toBeGreaterThanOrEqual(before);
    expect(states[0]).toBe("accepted");
    expect(replayReportSchema.parse(report)).toEqual(report);
  });

  test("is not started for a webhook that is turned off or missing", async () => {
    stage = await createVerifierStage(["eu", "us"]);
    const { client, clock, emulator } = stage;
    await stage.configure("eu", { enabled: false });
    const report = await replay({
      regions: ["eu", "us"],
      startAt: clock.now() - hour,
      client,
      clock,
    });
    expect(report.regions.map(({ outcome }) => outcome)).toEqual(["not started", "not started"]);
    expect(report.exit_code).toBe(2);
    expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    expect(renderReplay(report)).toContain(
      "us      not started\n        The webhook is not configured:",
    );
  });

  test("that Konnect can't deliver is told as failed", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock, siem } = stage;
    await stage.configure("eu");
    siem.use([{ kind: "status", code: 401 }]);
    const report = await replay({
      regions: ["eu"],
      startAt: clock.now() - hour,
      client,
      clock,
    });
    expect(report.regions[0]).toMatchObject({ outcome: "failed" });
    expect(report.exit_code).toBe(2);
  });

  test("that Konnect refuses is an error with its words", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock, emulator } = stage;
    await stage.configure("eu");
    emulator.faults.add({ method: "PUT", effect: { kind: "status", status: 409 } });
    const report = await replay({
      regions: ["eu"],
      startAt: clock.now() - hour,
      client,
      clock,
    });
    expect(report.regions[0]).toMatchObject({
      outcome: "error",
      error: { code: "KONNECT_CONFLICT" },
    });
    expect(report.exit_code).toBe(1);
  });

  test.each([
    ["that begins over seven days ago", -8 * 24 * hour, undefined],
    ["that ends before it begins", -hour, -2 * hour],
    ["that begins in the future", hour, undefined],
  ])("%s is refused before anything is asked of Konnect", async (_name, from, to) => {
    stage = await createVerifierStage([]);
    const { client, clock, emulator } = stage;
    const now = clock.now();
    const range = { startAt: now + from, endAt: to === undefined ? undefined : now + to };
    await expect(replay({ regions: ["eu"], client, clock, ...range })).rejects.toMatchObject({
      code: "REPLAY_RANGE_UNUSABLE",
    });
    expect(emulator.requests).toEqual([]);
  });
});

describe("the file that a receiver stores in", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "replay-arrivals-"));
    path = join(folder, "events.ndjson");
    await writeFile(path, "before\nbefore\n");
    return () => rm(folder, { recursive: true });
  });

  test("is counted from where it ended", async () => {
    const end = await countInFile(path)();
    await appendFile(path, "one\ntwo\nhalf a li");
    expect(await end()).toEqual({ new_events: 2, known_events: null });
  });

  test("is counted through rotations", async () => {
    const end = await countInFile(path)();
    await appendFile(path, "one\n");
    await rename(path, `${path}.1`);
    await writeFile(path, "two\nthree\n");
    await rename(`${path}.1`, `${path}.2`);
    await rename(path, `${path}.1`);
    await writeFile(path, "four\n");
    expect(await end()).toEqual({ new_events: 4, known_events: null });
  });

  test("that is not there is an error before a job is started", async () => {
    await expect(countInFile(join(folder, "none"))()).rejects.toMatchObject({
      code: "EVIDENCE_FILE_UNREADABLE",
    });
  });
});

describe("a time", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");

  test.each([
    ["2026-11-22T09:00:00Z", "2026-11-22T09:00:00.000Z"],
    ["2026-11-22T09:00:00+01:00", "2026-11-22T08:00:00.000Z"],
    ["90m", "2026-11-22T08:30:00.000Z"],
    ["2d", "2026-11-20T10:00:00.000Z"],
  ])("%s is read as %s", (text, time) => {
    expect(new Date(parseTime(text, now)).toISOString()).toBe(time);
  });

  test.each(["yesterday", "2026-11-22", "2026-13-45T00:00:00Z", "2026-11-31T00:00:00Z", ""])(
    "%j is refused",
    (text) => {
      expect(() => parseTime(text, now)).toThrow(/neither a time nor a duration/);
    },
  );
});
