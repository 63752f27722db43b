import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { commandLine } from "./command-line.js";

const token = "kpat_limits-test";
const servers: Server[] = [];
let emulator: Emulator;
let cwd: string;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers at once, and then a blank every now and then for ever. */
const drip: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 100);
  response.on("close", () => clearInterval(timer));
};
const silence: RequestListener = () => {};

beforeAll(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  const client = createKonnectClient({ token, serverUrl: emulator.serverUrl });
  const webhook = { endpoint: "http://127.0.0.1:9/", authorization: "Bearer x", enabled: true };
  await client.updateWebhook("eu", webhook);
  await client.close();
  cwd = await mkdtemp(join(tmpdir(), "verify-limits-"));
  execFileSync("mkfifo", [join(cwd, "pipe")]);
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

afterAll(async () => {
  await emulator.close();
  await rm(cwd, { recursive: true });
});

const env = (serverUrl: string) => ({ KONNECT_TOKEN: token, KONNECT_SERVER_URL: serverUrl });
const verify = ["verify", "--region", "eu", "--within", "1s"];
const status = ["status", "--region", "eu", "--within", "1s"];

describe("a command ends within its limit, and is inconclusive", () => {
  test.each([
    ["verify at a Konnect that never answers", verify, silence],
    ["verify at a Konnect that drips", verify, drip],
    ["status at a Konnect that never answers", status, silence],
    ["status at a Konnect that drips", status, drip],
  ])("%s", async (_name, args, listener) => {
    const url = await serve(listener);
    const run = await commandLine(args, { env: env(`${url}/{region}`) });
    expect(run.stdout).toMatch(/eu +error +(?:.* )?the time was up/);
    expect(run.exitCode).toBe(1);
  });

  test.each([
    ["never answers", silence],
    ["drips", drip],
  ])("verify with a receiver that %s", async (_name, listener) => {
    const args = [...verify, "--receiver", await serve(listener)];
    const run = await commandLine(args, { env: env(emulator.serverUrl) });
    expect(run.stdout).toMatch(/eu +error +the time was up/);
    expect(run.exitCode).toBe(1);
  });

  test.each([
    ["a pipe as evidence", ["--region", "eu", "--receiver", "pipe"], /it is a pipe/],
    ["a folder as evidence", ["--region", "eu", "--receiver", "."], /it is a folder/],
    ["a device as evidence", ["--region", "eu", "--receiver", "/dev/zero"], /it is a device/],
    ["a pipe as outputs", ["--terraform-output", "pipe"], /its time \(--within\) was up/],
    ["an endless file as outputs", ["--terraform-output", "/dev/zero"], /outputs can't be read/],
    ["a pipe as report", ["--region", "eu", "--report", "pipe.txt"], /can't be written/],
  ])("verify with %s", async (_name, args, message) => {
    await rm(join(cwd, "pipe.txt"), { force: true });
    execFileSync("mkfifo", [join(cwd, "pipe.txt")]);
    const all = ["verify", "--within", "2s", ...args];
    const run = await commandLine(all, { cwd, env: env(emulator.serverUrl) });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(1);
  });
});

describe("Ctrl-C ends", () => {
  test.each([
    ["verify", ["verify", "--region", "eu"]],
    ["status", ["status", "--region", "eu"]],
  ])("%s at once, whatever it waits for, without a verdict", async (_name, args) => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    const setup = { env: env(`${url}/{region}`), signal: stop.signal };
    const run = await commandLine(args, setup);
    expect(run.stdout).toMatch(/eu +error +(?:.* )?stopped before it was done/);
    expect(run.exitCode).toBe(1);
  });

  test("verify while a receiver is asked that does not heed it", async () => {
    const stop = new AbortController();
    const url = await serve((request, response) => {
      drip(request, response);
      stop.abort();
    });
    const args = ["verify", "--region", "eu", "--receiver", url];
    const run = await commandLine(args, { env: env(emulator.serverUrl), signal: stop.signal });
    expect(run.stdout).toMatch(/stopped before it was done/);
    expect(run.exitCode).toBe(1);
  });
});

describe("a time that can't be waited is an input error", () => {
  test.each([
    [["verify", "--every", "0s"]],
    [["verify", "--every", "0ms"]],
    [["verify", "--every", "1ms"]],
    [["verify", "--every", "0.0001ms"]],
    [["verify", "--every", "8d"]],
    [["verify", "--within", "0s"]],
    [["verify", "--within", "99999d"]],
    [["verify", `--within=${"9".repeat(400)}d`]],
    [["status", "--within", "0s"]],
    [["status", "--within", "1000d"]],
    [["status", "--max-age", "0s"]],
    [["status", "--max-age", "99999d"]],
  ])("%j", async ([command, ...args]) => {
    const given = [command ?? "", "--region", "eu", ...args];
    const run = await commandLine(given, { env: env(emulator.serverUrl) });
    expect(run.stderr).toMatch(/is out of range: it must be/);
    expect(run.stdout).toBe("");
    expect(run.exitCode).toBe(1);
  });

  test.each([
    [["verify", "--within", "-5s"]],
    [["verify", "--within", "0"]],
    [["verify", "--every", "1e3s"]],
    [["verify", "--probes", "0"]],
    [["verify", "--probes", "-1"]],
    [["verify", "--probes", "1.5"]],
    [["verify", "--probes", "1000"]],
    [["status", "--max-age", "soon"]],
  ])("%j, as well", async ([command, ...args]) => {
    const given = [command ?? "", "--region", "eu", ...args];
    const run = await commandLine(given, { env: env(emulator.serverUrl) });
    expect(run.stderr).toMatch(/is no duration|whole number from 1 to 999|argument missing/);
    expect(run.exitCode).toBe(1);
  });
});

describe("nothing is no success", () => {
  const writeStack = async (resource: object) => {
    const folder = await mkdtemp(join(cwd, "app-"));
    const stacks = { prod: { name: "prod", workingDirectory: "." } };
    await writeFile(join(folder, "manifest.json"), JSON.stringify({ stacks }));
    await writeFile(join(folder, "cdk.tf.json"), JSON.stringify({ resource }));
    return folder;
  };
  const verifyStack = async (resource: object, ...more: string[]) => {
    const args = ["verify", "--stack", "prod", "--output", await writeStack(resource), ...more];
    return commandLine(args, { cwd, env: env(emulator.serverUrl) });
  };

  test("without synthesized stacks, verify says what it reads, and nothing of a drift check", async () => {
    const args = ["verify", "--stack", "prod", "--output", "nowhere"];
    const run = await commandLine(args, { cwd, env: env(emulator.serverUrl) });
    expect(run.stderr).toMatch(/no synthesized stacks in .*nowhere[\s\S]*cdktf synth/);
    expect(run.stderr).not.toContain("--no-synth");
    expect(run.exitCode).toBe(1);
  });

  test.each([
    ["no resource at all", {}],
    ["a destination only", { konnectaudit_destination: { d: { name: "d", endpoint: "x" } } }],
    ["a Dev Portal's webhook only", { konnectaudit_portal_webhook: { p: { region: "eu" } } }],
  ])("a stack with %s is an error", async (_name, resource) => {
    const run = await verifyStack(resource);
    expect(run.stderr).toMatch(/"prod" declares no audit-log webhook/);
    expect(run.exitCode).toBe(1);
  });

  test.each([false, "false"])(
    "a stack whose webhooks are all paused (%j) is an error",
    async (enabled) => {
      const konnectaudit_webhook = { au: { region: "au", endpoint: "https://x/", enabled } };
      const run = await verifyStack({ konnectaudit_webhook }, "--allow-paused");
      expect(run.stderr).toMatch(/There is nothing to verify\. au: Paused in the code, left out/);
      expect(run.exitCode).toBe(1);
    },
  );

  test("outputs without any webhook, or with paused ones only, are an error", async () => {
    const paused = { value: { region: "eu", endpoint: "https://x/", enabled: false } };
    for (const outputs of [{}, { x: { value: "y" } }, { paused }]) {
      await writeFile(join(cwd, "o.json"), JSON.stringify(outputs));
      const args = ["verify", "--terraform-output", "o.json"];
      const run = await commandLine(args, { cwd, env: env(emulator.serverUrl) });
      expect(run.stderr).toMatch(/holds a webhook|nothing to verify/);
      expect(run.exitCode).toBe(1);
    }
  });
});
