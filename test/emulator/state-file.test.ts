import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
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
  stateFile = join(folder, "state.ndjson");
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
          maxQueuedEvents: fc.integer({ min: 1, max: 30 }),
          maxRetainedEvents: fc.integer({ min: 1, max: 60 }),
          maxEventBytes: fc.integer({ min: 1000, max: 30_000 }),
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

  test("survives a last line that was cut in two", async () => {
    {
      await using stage = await start();
      await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/" });
    }
    appendFileSync(stateFile, '{"type":"settings","ver');
    await using again = await start();
    expect((await again.call("GET", webhook)).body.endpoint).toBe("https://127.0.0.1:1/");
  });

  test("can be read by its owner only: it holds credentials", async () => {
    await using stage = await start();
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/", authorization: "x" });
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  test("is used by one emulator at a time: the second refuses and touches nothing", async () => {
    await using stage = await start();
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:1/" });
    const content = readFileSync(stateFile, "utf8");
    for (const name of [stateFile, join(folder, ".", "x", "..", "state.ndjson")]) {
      await expect(start({ stateFile: name })).rejects.toMatchObject({
        code: "EMULATOR_STATE_IN_USE",
        message: expect.stringContaining(`process ${process.pid}`),
        remedy: expect.stringContaining("--state"),
      });
    }
    expect(readFileSync(stateFile, "utf8")).toBe(content);
    await stage.call("PATCH", webhook, { endpoint: "https://127.0.0.1:2/" });
    await stage.emulator.close();
    await using again = await start();
    expect((await again.call("GET", webhook)).body.endpoint).toBe("https://127.0.0.1:2/");
  });

  test("is refused while another process has it, and taken over when that is gone", async () => {
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e9)"]);
    const gone = once(owner, "exit");
    writeFileSync(`${stateFile}.lock`, `${owner.pid}\n`);
    await expect(start()).rejects.toMatchObject({
      code: "EMULATOR_STATE_IN_USE",
      message: expect.stringContaining(`process ${owner.pid}`),
    });
    owner.kill("SIGKILL");
    await gone;
    {
      await using stage = await start();
      expect((await stage.call("GET", webhook)).status).toBe(200);
    }
    expect(existsSync(`${stateFile}.lock`)).toBe(false);
  });

  test.each(["", "nonsense", `${process.pid}`])(
    "is taken over from a lock that a crash left as %j",
    async (content) => {
      writeFileSync(`${stateFile}.lock`, content);
      await using stage = await start();
      expect((await stage.call("GET", webhook)).status).toBe(200);
    },
  );

  test.each([
    ["a foreign file", "hello\n"],
    ["JSON of something else", '{"type":"settings","version":9}\n'],
  ])("that is %s is an error and stays as it is", async (_, content) => {
    writeFileSync(stateFile, content);
    await expect(start()).rejects.toMatchObject({
      code: "EMULATOR_STATE_UNREADABLE",
      message: expect.stringContaining("line 1"),
    });
    expect(readFileSync(stateFile, "utf8")).toBe(content);
  });

  test("in a folder that is not there is an error", async () => {
    stateFile = join(folder, "missing", "state.ndjson");
    await expect(start()).rejects.toMatchObject({ code: "EMULATOR_STATE_UNWRITABLE" });
  });
});

/** Sleeps until the emulator stops: what it holds back stays undelivered. */
function createEndlessSleep() {
  return (_: number, { signal }: { signal?: AbortSignal | undefined } = {}) =>
    new Promise<void>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
}
