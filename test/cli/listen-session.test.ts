import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { startProcess } from "../emulator/process.js";
import { commandLine } from "./command-line.js";

let emulator: Emulator;
let client: KonnectClient;
let home: string;
let env: Record<string, string>;
const started: ReturnType<typeof startProcess>[] = [];

beforeEach(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  client = createKonnectClient({ token: "kpat_listen", serverUrl: emulator.serverUrl });
  home = await mkdtemp(join(tmpdir(), "konnect-audit-session-"));
  env = {
    KONNECT_TOKEN: "kpat_listen",
    KONNECT_SERVER_URL: emulator.serverUrl,
    XDG_STATE_HOME: home,
  };
});

afterEach(async () => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  await client.close();
  await emulator.close();
  await rm(home, { recursive: true });
});

async function configure(...args: string[]) {
  const listening = startProcess(["listen", "--port", "0", "--configure", "eu", ...args], env);
  started.push(listening);
  await listening.printed(/(delivers here)/);
  return listening;
}

const webhook = async () => (await client.getWebhook("eu")).body;
const notes = () => readdir(join(home, "konnect-audit", "listen"));
const unconfigured = { endpoint: "unconfigured", enabled: false };

describe("a borrowed webhook", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "is given back after %s, and so are the notes of it",
    async (signal) => {
      const listening = await configure();
      expect(await webhook()).toMatchObject({ enabled: true });
      listening.child.kill(signal);
      expect(await listening.exited).toBe(0);
      expect(listening.output()).toContain("was removed again");
      expect(await webhook()).toMatchObject(unconfigured);
      expect(await notes()).toEqual([]);
    },
  );

  test("is given back after two Ctrl-C within no time", async () => {
    const listening = await configure();
    listening.child.kill("SIGINT");
    listening.child.kill("SIGINT");
    expect(await listening.exited).toBe(0);
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test.each([["stdout"], ["stderr"]] as const)(
    "is given back when the reader of %s has gone",
    async (name) => {
      const listening = await configure();
      listening.child[name].destroy();
      const { endpoint } = await webhook();
      if (name === "stdout") await emulator.idle();
      // A refusal is what stderr is written for.
      else
        await vi.waitUntil(
          () =>
            fetch(endpoint).then(
              () => true,
              () => listening.child.exitCode !== null,
            ),
          { interval: 50 },
        );
      expect(await listening.exited).toBe(0);
      expect(await webhook()).toMatchObject(unconfigured);
    },
  );

  test("is given back when the process that has started it has gone", async () => {
    const script = join(home, "wrapper.mjs");
    const main = resolve(import.meta.dirname, "../../src/cli/main.ts");
    await writeFile(
      script,
      `import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["--import", "tsx", ${JSON.stringify(main)}, "listen", "--port", "0", "--configure", "eu"], { stdio: ["ignore", "inherit", "inherit"] });
console.log("child " + child.pid);
setInterval(() => {}, 1e6);`,
    );
    const wrapper = spawn(process.execPath, [script], {
      cwd: resolve(import.meta.dirname, "../.."),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [wrapper.stdout, wrapper.stderr]) {
      stream.on("data", (text) => {
        output += String(text);
      });
    }
    const ended = new Promise((done) => wrapper.on("close", done)); // both pipes are the child's, too
    await vi.waitUntil(() => output.includes("delivers here"), { timeout: 20_000 });
    wrapper.kill("SIGKILL");
    await ended;
    expect(output).toContain("The process that has started this one has ended.");
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test("is given back after the time that was set", async () => {
    const { stderr, exitCode } = await commandLine(
      ["listen", "--port", "0", "--configure", "eu", "--for", "50ms"],
      { env },
    );
    expect(stderr).toContain("was removed again");
    expect(exitCode).toBe(0);
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test("is used although the answer to the PATCH was lost, and given back", async () => {
    emulator.faults.add({ method: "PATCH", effect: { kind: "reset", when: "after" }, count: 3 });
    const listening = await configure();
    listening.child.kill("SIGTERM");
    expect(await listening.exited).toBe(0);
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test("is gone although every answer to the DELETE was lost", async () => {
    const listening = await configure();
    emulator.faults.add({ method: "DELETE", effect: { kind: "reset", when: "after" } });
    listening.child.kill("SIGTERM");
    expect(await listening.exited).toBe(0);
    expect(listening.output()).toContain("was removed again");
  });

  test("that Konnect does not remove is told of, with what removes it", async () => {
    const listening = await configure();
    emulator.faults.add({ method: "DELETE", effect: { kind: "status", status: 500 }, count: 1 });
    listening.child.kill("SIGINT");
    expect(await listening.exited).toBe(130);
    expect(listening.output()).toMatch(/is paused, but still configured[\s\S]*--give-back eu/);
    expect(await webhook()).toMatchObject({ enabled: false });
    const { stderr } = await commandLine(["listen", "--give-back", "eu"], { env });
    expect(stderr).toContain('The webhook of region "eu" was removed.');
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test("of a Konnect that is gone at the end is told of, with what removes it", async () => {
    const listening = await configure();
    await emulator.close();
    listening.child.kill("SIGINT");
    expect(await listening.exited).toBe(130);
    expect(listening.output()).toMatch(/may still deliver[\s\S]*--give-back eu/);
    emulator = await startEmulator();
  });
});

describe("a webhook that a killed session has left behind", () => {
  async function killed() {
    const listening = await configure();
    listening.child.kill("SIGKILL");
    await listening.exited;
    expect(await webhook()).toMatchObject({ enabled: true });
  }

  test("is recognised, and taken over on request", async () => {
    await killed();
    const args = ["listen", "--port", "0", "--configure", "eu", "--for", "50ms"];
    const refused = await commandLine(args, { env });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/was started on this machine at \S+ and has been killed/);
    expect(refused.stderr).toMatch(/--give-back eu.*--take-over/);
    const taken = await commandLine([...args, "--take-over"], { env });
    expect(taken.stderr).toContain("was removed again");
    expect(await webhook()).toMatchObject(unconfigured);
    expect(await notes()).toEqual([]);
  });

  test("is recognised though another process has got the session's process id", async () => {
    await killed();
    const [name = ""] = await notes();
    const file = join(home, "konnect-audit", "listen", name);
    const note = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...note, process_id: process.pid }));
    const { stderr } = await commandLine(["listen", "--give-back", "eu"], { env });
    expect(stderr).toContain('The webhook of region "eu" was removed.');
  });

  test("is given back on request, and then there is none", async () => {
    await killed();
    const first = await commandLine(["listen", "--give-back", "eu"], { env });
    expect(first.stderr).toContain('The webhook of region "eu" was removed.');
    expect(await notes()).toEqual([]);
    const second = await commandLine(["listen", "--give-back", "eu"], { env });
    expect(second.stderr).toContain('Region "eu" has no webhook.');
  });

  test("is recognised without notes of it, as on another machine", async () => {
    await killed();
    const elsewhere = { ...env, XDG_STATE_HOME: join(home, "elsewhere") };
    const args = ["listen", "--port", "0", "--configure", "eu"];
    const { stderr } = await commandLine(args, { env: elsewhere });
    expect(stderr).toMatch(/was killed, or that runs elsewhere/);
  });

  test("is not taken from a session that runs, nor from anybody else", async () => {
    const listening = await configure();
    for (const args of [
      ["--configure", "eu", "--take-over"],
      ["--give-back", "eu"],
    ]) {
      const { stderr, exitCode } = await commandLine(["listen", "--port", "0", ...args], { env });
      expect(stderr).toContain(`runs on this machine (process ${listening.child.pid})`);
      expect(exitCode).toBe(1);
    }
    listening.child.kill("SIGTERM");
    await listening.exited;
    const theirs = "https://siem.example.com/in";
    await client.updateWebhook("eu", { endpoint: theirs, authorization: "x", enabled: true });
    const { stderr } = await commandLine(["listen", "--give-back", "eu"], { env });
    expect(stderr).toContain("RECEIVER_WEBHOOK_CONFIGURED");
    expect((await webhook()).endpoint).toBe(theirs);
  });

  test("is noted for the user alone", async () => {
    const listening = await configure();
    const [name = ""] = await notes();
    const note = await readFile(join(home, "konnect-audit", "listen", name), "utf8");
    expect(JSON.parse(note)).toMatchObject({ region: "eu", process_id: listening.child.pid });
    listening.child.kill("SIGTERM");
    await listening.exited;
  });
});

describe("--public-url", () => {
  test.each([
    ["https://tunnel.example.com", /^https:\/\/tunnel\.example\.com\/audit-logs\?/],
    ["https://tunnel.example.com/", /^https:\/\/tunnel\.example\.com\/audit-logs\?/],
    ["https://tunnel.example.com/in?a=b", /^https:\/\/tunnel\.example\.com\/in\?a=b&/],
  ])("%s becomes the webhook's endpoint, with a path", async (publicUrl, endpoint) => {
    const listening = await configure("--public-url", publicUrl);
    expect((await webhook()).endpoint).toMatch(endpoint);
    listening.child.kill("SIGTERM");
    await listening.exited;
  });

  test.each([
    ["http://tunnel.example.com", /must start with https/],
    ["https://tunnel.example.com/a b", /holds a blank/],
    ["https://user:word@tunnel.example.com", /user name/],
    ["tunnel.example.com", /absolute URL/],
  ])("%s is refused", async (publicUrl, message) => {
    const args = ["listen", "--port", "0", "--configure", "eu", "--public-url", publicUrl];
    const { stderr, exitCode } = await commandLine(args, { env });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
    expect(await webhook()).toMatchObject(unconfigured);
  });

  test("is asked for where Konnect can't reach this machine", async () => {
    const args = ["listen", "--port", "0", "--configure", "eu", "--no-verify"];
    const { stderr } = await commandLine(args, { env: { KONNECT_TOKEN: "kpat_listen" } });
    expect(stderr).toMatch(/--public-url is missing: Konnect can't reach http:\/\/127\.0\.0\.1/);
  });
});
