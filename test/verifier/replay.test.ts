import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCleaner } from "../../src/core/foreign-text.js";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { httpEvidence } from "../../src/receiver/evidence-source.js";
import { countAtReceiver, countInFile } from "../../src/verifier/arrivals.js";
import { parseTime } from "../../src/verifier/duration.js";
import { renderReplay } from "../../src/verifier/render/replay.js";
import { type ReplayOptions, replay } from "../../src/verifier/replay.js";
import { replayReportSchema } from "../../src/verifier/replay-report.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { startSiem } from "./siem.js";
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
    // A delivery that is accepted: Konnect had given up.
    await client.getWebhook("eu");
    await emulator.idle();
    const states: string[] = [];
    const report = await replay({
      regions: ["eu"],
      startAt,
      client,
      clock,
      arrivals: countAtReceiver(httpEvidence(receiver.url)),
      onProgress: (_, status) => states.push(status),
    });
    const { start_at, end_at } = report;
    expect(report.regions).toMatchObject([
      {
        region: "eu",
        outcome: "completed",
        started_by: "this run",
        job: { status: "completed" },
      },
    ]);
    const job = report.regions[0]?.job;
    // Konnect writes times without trailing zeros.
    const times = [job?.start_at, job?.end_at].map((time) => Date.parse(time ?? ""));
    expect(times).toEqual([Date.parse(start_at), Date.parse(end_at)]);
    expect(report.exit_code).toBe(0);
    expect(Date.parse(report.started_at)).toBeLessThan(Date.parse(report.ended_at));
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
    ["that ends before it begins", { from: -hour, to: -2 * hour }],
    ["that ends when it begins", { from: -hour, to: -hour }],
    ["that begins in the future", { from: hour, to: undefined }],
    ["that ends in the future", { from: -hour, to: hour }],
    ["that begins before there was anything", { from: -1e6 * 24 * hour, to: undefined }],
    ["that begins at no time", { from: Number.NaN, to: undefined }],
    ["that begins endlessly long ago", { from: Number.NEGATIVE_INFINITY, to: undefined }],
  ])("%s is refused before anything is asked of Konnect", async (_name, { from, to }) => {
    stage = await createVerifierStage([]);
    const { client, clock, emulator } = stage;
    const now = clock.now();
    const range = { startAt: now + from, endAt: to === undefined ? undefined : now + to };
    await expect(replay({ regions: ["eu"], client, clock, ...range })).rejects.toMatchObject({
      code: "REPLAY_RANGE_UNUSABLE",
    });
    expect(emulator.requests).toEqual([]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    "that may take %d ms is refused",
    async (within) => {
      stage = await createVerifierStage([]);
      const { client, clock } = stage;
      const startAt = clock.now() - hour;
      await expect(
        replay({ regions: ["eu"], client, clock, startAt, within }),
      ).rejects.toMatchObject({ code: "VERIFY_DURATION_OUT_OF_RANGE" });
    },
  );

  test("that begins over seven days ago is Konnect's to judge, with a warning", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock } = stage;
    await stage.configure("eu");
    const startAt = clock.now() - 8 * 24 * hour;
    const report = await replay({ regions: ["eu"], startAt, client, clock });
    expect(report.warnings.join()).toMatch(/over 7 days ago/);
    expect(renderReplay(report)).toContain("Warning: The range begins over 7 days ago");
    // The emulator refuses it, as Konnect's documentation says.
    expect(report.regions[0]).toMatchObject({ error: { code: "KONNECT_BAD_REQUEST" } });
  });

  test("is not started while the endpoint refuses, unless it is forced", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock, emulator, siem } = stage;
    siem.use([{ kind: "status", code: 401 }]);
    await stage.configure("eu");
    await client.getWebhook("eu");
    await emulator.idle();
    const options = { regions: ["eu"], startAt: clock.now() - hour, client, clock };
    const report = await replay(options);
    expect(report).toMatchObject({
      exit_code: 2,
      regions: [{ outcome: "not started", job: null }],
    });
    expect(report.regions[0]?.hint).toMatch(/ended with 401 .*refuses the credential.*--force/);
    expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    const clean = createCleaner(["Unauthorized"]);
    const cleaned = await replay({ ...options, clean });
    expect(cleaned.regions[0]?.hint).toMatch(/ended with 401 \*\*\*/);
    const forced = await replay({ ...options, force: true });
    expect(forced.regions).toMatchObject([{ outcome: "failed", started_by: "this run" }]);
  });

  test("that brings nothing to the receiver does not pass, unless that is expected", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock } = stage;
    await stage.configure("eu");
    const day = 24 * hour;
    const options = {
      regions: ["eu"],
      startAt: clock.now() - 3 * day,
      endAt: clock.now() - 2 * day,
      client,
      clock,
    };
    const arrivals = async () => async () => ({ new_events: 0, known_events: 0 });
    const report = await replay({ ...options, arrivals });
    expect(report).toMatchObject({ exit_code: 2, regions: [{ outcome: "completed" }] });
    expect(renderReplay(report)).toMatch(/Warning: Nothing came to the receiver/);
    expect(await replay({ ...options, arrivals, allowEmpty: true })).toMatchObject({
      exit_code: 0,
    });
    const uncounted = await replay(options);
    expect(uncounted.exit_code).toBe(0);
    expect(renderReplay(uncounted)).toContain("What arrived was not counted");
  });

  test("whose receiver is gone at the end still tells what came of the jobs", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock } = stage;
    await stage.configure("eu");
    const arrivals = async () => async () => {
      throw new Error("gone");
    };
    const report = await replay({
      regions: ["eu"],
      startAt: clock.now() - hour,
      client,
      clock,
      arrivals,
    });
    expect(report).toMatchObject({
      exit_code: 1,
      arrived: null,
      arrived_error: { code: "VERIFY_UNEXPECTED" },
      regions: [{ outcome: "completed" }],
    });
  });
});

describe("a replay whose calls go wrong", () => {
  /** An emulator at real speed, whose webhook's deliveries are accepted. */
  async function start(faults: Parameters<Emulator["faults"]["add"]>[0][] = []) {
    const emulator = await startEmulator();
    const siem = await startSiem([{ kind: "status", code: 202 }]);
    const client = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
    const webhook = { endpoint: siem.url, authorization: "Bearer x", enabled: true };
    await client.updateWebhook("eu", webhook);
    await emulator.idle();
    for (const fault of faults) emulator.faults.add(fault);
    const startAt = Date.now() - hour;
    return {
      emulator,
      client,
      startAt,
      run: (options: Partial<ReplayOptions> = {}) =>
        replay({ regions: ["eu"], startAt, client, every: 20, within: 5_000, ...options }),
      puts: () => emulator.requests.filter(({ method }) => method === "PUT").length,
      async [Symbol.asyncDispose]() {
        await client.close();
        await emulator.close();
        await siem.close();
      },
    };
  }

  test("knows its own job when the answer to its start was lost, and starts no second one", async () => {
    const effect = { kind: "reset", when: "after" } as const;
    await using stage = await start([{ method: "PUT", effect, count: 1 }]);
    const report = await stage.run();
    expect(report).toMatchObject({
      exit_code: 0,
      regions: [{ outcome: "completed", started_by: "this run", error: null }],
    });
    expect(stage.puts()).toBe(1);
  });

  test("says so when it was lost before Konnect had it", async () => {
    const effect = { kind: "reset", when: "before" } as const;
    await using stage = await start([{ method: "PUT", effect, count: 1 }]);
    const report = await stage.run();
    expect(report).toMatchObject({
      exit_code: 1,
      regions: [{ outcome: "error", started_by: null, error: { code: "KONNECT_UNREACHABLE" } }],
    });
    const { start_at, end_at } = report;
    expect(report.regions[0]?.hint).toContain(`--since ${start_at} --until ${end_at}`);
  });

  const job = (range: { start_at: string; end_at: string }, status: string) => ({
    ...range,
    status,
  });
  const ofOthers = { start_at: "2026-11-20T08:00:00Z", end_at: "2026-11-20T09:00:00Z" };

  /** Konnect with a webhook that takes deliveries, and answers about replay jobs in turn; `undefined`: it stays silent. */
  async function startKonnect(...jobs: ((asked: string) => [number, unknown] | undefined)[]) {
    let given = 0;
    let asked = "";
    const server = await startScriptedServer((response, { method, url, body }) => {
      if (url.endsWith("replay-job")) {
        if (method === "PUT") asked = body;
        const answer = jobs[Math.min(given, jobs.length - 1)]?.(asked);
        given += 1;
        if (answer) response.writeHead(answer[0]).end(JSON.stringify(answer[1]));
        return;
      }
      const endpoint = "https://siem.example.com/in";
      const status = { webhook_enabled: true, webhook_status: "active" };
      response.end(JSON.stringify({ endpoint, enabled: true, ...status }));
    });
    const client = createKonnectClient({ token: "kpat_x", serverUrl: `${server.url}/{region}` });
    const startAt = Date.now() - hour;
    return {
      methods: () =>
        server.requests.filter(({ url }) => url.endsWith("replay-job")).map(({ method }) => method),
      run: (options: Partial<ReplayOptions> = {}) =>
        replay({ regions: ["eu"], client, startAt, every: 10, within: 5_000, ...options }),
      async [Symbol.asyncDispose]() {
        await client.close();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  const none = () => [200, { status: "unconfigured" }] as [number, unknown];
  const takes = (status: string) => (asked: string) =>
    [202, job(JSON.parse(asked), status)] as [number, unknown];
  const shows = (status: string) => () => [200, job(ofOthers, status)] as [number, unknown];
  const conflict = () => [409, { status: 409 }] as [number, unknown];

  test.each([
    ["is under way", [shows("running")], ["GET"]],
    ["begins at the same time", [none, conflict, shows("accepted")], ["GET", "PUT", "GET"]],
    ["is what Konnect answers with", [none, shows("running")], ["GET", "PUT"]],
    ["has a status that is new", [shows("queued-somewhere")], ["GET"]],
  ])("never takes for its own a job of another range that %s", async (_, jobs, methods) => {
    await using konnect = await startKonnect(...jobs);
    const report = await konnect.run();
    expect(report).toMatchObject({
      exit_code: 2,
      regions: [{ outcome: "not started", status: null, started_by: null, job: ofOthers }],
    });
    expect(report.regions[0]?.hint).toContain("2026-11-20T08:00:00Z to 2026-11-20T09:00:00Z");
    expect(konnect.methods()).toEqual(methods);
  });

  test("is inconclusive where a job of somebody else takes the place of its own", async () => {
    await using konnect = await startKonnect(none, takes("running"), shows("completed"));
    expect(await konnect.run()).toMatchObject({
      exit_code: 1,
      regions: [{ outcome: "error", error: { code: "REPLAY_REPLACED" } }],
    });
  });

  test("joins a job of the same range, and says so", async () => {
    let range = "";
    const mine = (status: string) => () =>
      [200, job(JSON.parse(range), status)] as [number, unknown];
    await using konnect = await startKonnect(mine("running"), mine("completed"));
    const times = { startAt: Date.now() - 2 * hour, endAt: Date.now() - hour };
    const written = (time: number) => new Date(time).toISOString();
    range = JSON.stringify({ start_at: written(times.startAt), end_at: written(times.endAt) });
    const report = await konnect.run(times);
    expect(report).toMatchObject({
      exit_code: 0,
      regions: [{ outcome: "completed", started_by: "another run" }],
    });
    expect(renderReplay(report)).toContain(
      "completed (a job of the same range that was under way)",
    );
    expect(konnect.methods()).not.toContain("PUT");
  });

  test.each([
    ["before the job is started", [() => undefined], { error: { code: "REPLAY_TIMED_OUT" } }],
    ["when it is started", [none, () => undefined], { error: { code: "REPLAY_TIMED_OUT" } }],
    [
      "after it has started",
      [none, takes("running"), () => undefined],
      { outcome: "running", status: "running", started_by: "this run" },
    ],
  ])("ends at its limit where Konnect falls silent %s", async (_, jobs, entry) => {
    await using konnect = await startKonnect(...jobs);
    const report = await konnect.run({ within: 300 });
    expect(report.regions).toMatchObject([entry]);
    expect(report.exit_code).toBe("outcome" in entry ? 2 : 1);
  });

  test("shows Konnect's words without what could steer a terminal", async () => {
    const word = "wait\u001b[31m\n::error::x";
    await using konnect = await startKonnect(none, takes(word));
    const said: string[] = [];
    const report = await konnect.run({ within: 200, onProgress: (_, status) => said.push(status) });
    const shown = [renderReplay(report), JSON.stringify(report), ...said].join();
    expect(shown).toContain("wait");
    expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}]|::error/u);
  });

  test("says that the job goes on when the user stops the waiting", async () => {
    await using stage = await start();
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error("stopped"));
    const report = await stage.run({ signal: stop.signal, onProgress });
    expect(report.regions).toMatchObject([{ outcome: "error", error: { code: "VERIFY_STOPPED" } }]);
    expect(report.regions[0]?.hint).toMatch(/has been started and goes on/);
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

  test.each(["/dev/zero", tmpdir()])("that is none, as %s, is an error", async (other) => {
    await expect(countInFile(other)()).rejects.toMatchObject({
      code: "EVIDENCE_FILE_UNREADABLE",
      message: expect.stringMatching(/ a (device|folder)/),
    });
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
