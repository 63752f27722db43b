import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

let folder: string;
let stateFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-state-"));
  stateFile = join(folder, "state.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const webhook = "/eu/v2/audit-log-webhook";
const start = (options: EmulatorOptions = {}) => startStage({ stateFile, ...options });

describe("a state file", () => {
  test("brings settings, keys, status, replay job and recorded events back", async () => {
    const read = async (stage: Awaited<ReturnType<typeof start>>) => {
      const bodies: unknown[] = [];
      for (const path of [
        "/eu/v2/audit-log-webhook",
        "/eu/v3/audit-log-webhook",
        "/us/v2/audit-log-webhook",
        "/eu/v2/audit-log-webhook/status",
        "/eu/v2/audit-log-webhook/jwks.json",
        "/eu/v3/audit-log-replay-job",
        "/global/v2/audit-log-destinations",
        "/eu/v3/audit-logs?filter[ts][lte]=2026-11-22T12:00:00Z",
      ]) {
        bodies.push((await stage.call("GET", path)).body);
      }
      return bodies;
    };
    let before: unknown[];
    {
      await using siem = await startSiem();
      await using stage = await start();
      const { body } = await stage.call("POST", "/global/v3/audit-log-destinations", {
        name: "siem",
        endpoint: siem.url,
        authorization: "Splunk x",
        log_format: "json",
      });
      await stage.call("PATCH", "/eu/v3/audit-log-webhook", {
        audit_log_destination_id: body.id,
        enabled: true,
      });
      await stage.call("PATCH", "/us/v2/audit-log-webhook", { endpoint: "https://127.0.0.1:1/" });
      const now = "2026-11-22T12:00:00Z";
      await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at: now, end_at: now });
      await stage.emulator.idle();
      await stage.call("PATCH", "/eu/v3/audit-log-webhook", { enabled: false });
      await stage.clock.sleep(1000);
      before = await read(stage);
    }
    await using again = await start();
    await again.clock.sleep(60_000);
    expect(await read(again)).toEqual(before);
  });

  test("delivers what still waited, with the credential", async () => {
    await using siem = await startSiem();
    {
      const never = {
        now: () => Date.now(),
        monotonic: () => Date.now(),
        sleep: createEndlessSleep(),
      };
      await using stage = await start({ clock: never });
      await stage.call("PATCH", webhook, {
        endpoint: siem.url,
        authorization: "Splunk x",
        enabled: true,
      });
      expect(siem.batches).toEqual([]);
    }
    await using again = await start();
    await again.emulator.idle();
    expect(siem.lines()).toHaveLength(3);
    expect(siem.batches[0]?.headers.authorization).toBe("Splunk x");
    expect((await again.call("GET", "/_emulator/webhooks")).body[0]).toMatchObject({ waiting: 0 });
  });

  test("does not deliver again what was delivered", async () => {
    await using siem = await startSiem();
    {
      await using stage = await start();
      await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true });
      await stage.emulator.idle();
    }
    await using again = await start();
    await again.emulator.idle();
    expect(siem.lines()).toHaveLength(3);
  });

  test("runs a replay job to its end that was cut off", async () => {
    await using siem = await startSiem();
    const now = new Date().toISOString();
    {
      const never = {
        now: () => Date.parse(now),
        monotonic: () => Date.parse(now),
        sleep: createEndlessSleep(),
      };
      await using stage = await start({ clock: never });
      await stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true });
      await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at: now, end_at: now });
    }
    await using again = await start();
    await again.emulator.idle();
    const job = await again.call("GET", "/eu/v2/audit-log-replay-job");
    expect(job.body.status).toBe("completed");
  });

  test("brings back what waited and what was kept, whatever the bounds had cost before", async () => {
    const never = {
      now: () => Date.now(),
      monotonic: () => Date.now(),
      sleep: createEndlessSleep(),
    };
    const look = async (stage: Awaited<ReturnType<typeof start>>) =>
      (await stage.call("GET", "/_emulator/webhooks")).body as unknown;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          maxRetainedEvents: fc.integer({ min: 1, max: 60 }),
        }),
        fc.array(
          fc.record({
            region: fc.constantFrom("eu", "us"),
            count: fc.integer({ min: 1, max: 40 }),
            enabled: fc.boolean(),
          }),
          { maxLength: 6 },
        ),
        async (knobs, steps) => {
          rmSync(stateFile, { force: true });
          let before: unknown;
          {
            await using stage = await start({ clock: never, knobs });
            for (const { region, count, enabled } of steps) {
              const endpoint = "https://127.0.0.1:1/";
              await stage.call("PATCH", `/${region}/v2/audit-log-webhook`, { endpoint, enabled });
              stage.emulator.makeEvents({ kind: "permission-check", region, count });
            }
            before = await look(stage);
          }
          await using again = await start({ clock: never, knobs });
          expect(await look(again)).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("brings back no more than the bounds of the new run allow", async () => {
    {
      await using stage = await start();
      stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 50 });
    }
    await using again = await start({ knobs: { maxRetainedEvents: 10 } });
    const { body } = await again.call("GET", "/_emulator/webhooks");
    expect(body[0]).toMatchObject({ retained: 10, counts: { recorded: 50, evicted: 40 } });
  });

  test("is whole and holds every settled change at each moment, whatever kills the emulator", async () => {
    await using stage = await start();
    for (let n = 1; n <= 5; n++) {
      const endpoint = `https://127.0.0.1:${n}/`;
      await stage.call("PATCH", webhook, { endpoint });
      const copy = join(folder, `copy-${n}.json`);
      writeFileSync(copy, readFileSync(stateFile)); // what a kill at this moment leaves
      await using again = await start({ stateFile: copy });
      expect((await again.call("GET", webhook)).body.endpoint).toBe(endpoint);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("loses what a kill left half-written beside it", async () => {
    const remains = [`${stateFile}.1234.tmp`, join(folder, "other.json.1.tmp")];
    for (const file of remains) writeFileSync(file, '{"version":2,"ke');
    await using stage = await start();
    expect((await stage.call("GET", webhook)).status).toBe(200);
    expect(readdirSync(folder).sort()).toEqual(["other.json.1.tmp", "state.json"]);
  });

  test("answers 500 to a change that can't be kept, and keeps it once it can", async () => {
    const told: string[] = [];
    const state = join(folder, "inner", "state.json");
    mkdirSync(join(folder, "inner"));
    await using stage = await start({ stateFile: state, log: (line) => told.push(line) });
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/" });
    const blocked = `${state}.${process.pid}.tmp`;
    mkdirSync(blocked); // as a full disk does, this keeps a new file from being written
    const refused = await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:2/" });
    expect(refused.status).toBe(500);
    expect(told.join("\n")).toContain("can't be written");
    const before = told.length;
    for (let call = 0; call < 5; call++) await stage.call("GET", webhook);
    expect(told.length - before).toBeLessThanOrEqual(1); // events can't be kept either: told once
    rmSync(blocked, { recursive: true });
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:3/" });
    const copy = join(folder, "copy.json");
    writeFileSync(copy, readFileSync(state));
    await using again = await start({ stateFile: copy });
    expect((await again.call("GET", webhook)).body.endpoint).toBe("https://127.0.0.1:3/");
  });

  test("that a link leads to is written where it leads, and the link stays", async () => {
    const link = join(folder, "link.json");
    symlinkSync("state.json", link);
    for (const port of [1, 2]) {
      await using stage = await start({ stateFile: link });
      await stage.call("PATCH", webhook, { endpoint: `https://127.0.0.1:${port}/` });
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readFileSync(stateFile, "utf8")).toContain(`https://127.0.0.1:${port}/`);
    }
  });

  test("can be read by its owner only: it holds credentials", async () => {
    await using stage = await start();
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/", authorization: "x" });
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  test("belongs to the emulator that was started last: the one before says so and writes no more", async () => {
    const told: string[] = [];
    const one = await start({ log: (line) => told.push(line) });
    await one.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/" });
    const two = await start();
    expect((await two.call("GET", webhook)).body.endpoint).toBe("https://127.0.0.1:1/");
    const refused = await one.call("PATCH", webhook, { endpoint: "https://127.0.0.1:2/" });
    expect(refused.status).toBe(500);
    expect(told.join("\n")).toContain(`${stateFile} was taken by another process`);
    await expect(one.emulator.close()).rejects.toMatchObject({
      code: "EMULATOR_STATE_IN_USE",
      remedy: expect.stringContaining("--state"),
    });
    expect((await two.call("PATCH", webhook, { enabled: true })).status).toBe(200);
    await two.emulator.close();
    await using again = await start();
    expect((await again.call("GET", webhook)).body).toMatchObject({
      enabled: true,
      endpoint: "https://127.0.0.1:1/",
    });
  });

  test("that is cut anywhere is refused and stays as it is", async () => {
    {
      await using stage = await start();
      await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/", enabled: false });
    }
    const whole = readFileSync(stateFile);
    for (let part = 0; part < 12; part++) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 12));
      writeFileSync(stateFile, cut);
      await expect(start()).rejects.toMatchObject({ code: "EMULATOR_STATE_UNREADABLE" });
      expect(readFileSync(stateFile).equals(cut)).toBe(true);
    }
  });

  test.each([
    ["a foreign file", "hello\n"],
    ["JSON of something else", '{"a":1}'],
    [
      "a file of an earlier version",
      '{"type":"settings","version":1,"keys":{},"organizations":[]}\n{}\n',
    ],
    ["a file of a later version", '{"state":{"version":3,"keys":{},"organizations":[]}}'],
    ["one whose waiting events are not there", waitingFor("[0]")],
  ])("that is %s is an error and stays as it is", async (_, content) => {
    writeFileSync(stateFile, content);
    await expect(start()).rejects.toMatchObject({
      code: "EMULATOR_STATE_UNREADABLE",
      message: expect.stringContaining(stateFile),
    });
    expect(readFileSync(stateFile, "utf8")).toBe(content);
  });

  test("with any byte changed is refused and stays as it is", async () => {
    {
      await using stage = await start();
      await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/", enabled: false });
    }
    const whole = readFileSync(stateFile);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ flip;
          writeFileSync(stateFile, damaged);
          await expect(start()).rejects.toMatchObject({ code: "EMULATOR_STATE_UNREADABLE" });
          expect(readFileSync(stateFile).equals(damaged)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("with nothing that waits is read, which the file above would be but for that", async () => {
    writeFileSync(stateFile, waitingFor("[]"));
    await using stage = await start();
    expect((await stage.call("GET", webhook)).status).toBe(200);
  });

  test("in a folder that is not there is an error", async () => {
    stateFile = join(folder, "missing", "state.json");
    await expect(start()).rejects.toMatchObject({ code: "EMULATOR_STATE_UNWRITABLE" });
  });
});

/** A state without events, of which these sequence numbers wait. */
function waitingFor(waiting: string): string {
  const channel = `{"region":"eu","webhook":{"enabled":false},"previousWebhook":{"enabled":false},"status":{"state":"active"},"replayJob":{"status":"unconfigured"},"counts":{},"log":{"first":0,"events":[],"waiting":${waiting}}}`;
  return `{"state":{"version":2,"keys":{},"organizations":[{"id":"o","destinations":[],"channels":[${channel}]}]}}`;
}

/** Sleeps until the emulator stops: what it holds back stays undelivered. */
function createEndlessSleep() {
  return (_: number, { signal }: { signal?: AbortSignal | undefined } = {}) =>
    new Promise<void>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
}
