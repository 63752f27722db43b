import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerEvents } from "../../src/cli/commands/events.js";
import { startEmulator } from "../../src/emulator/index.js";
import { createSigningKey, formatJwks } from "../../src/events/jwks.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { startProcess } from "../emulator/process.js";
import { authorization, deliver, signedLine } from "../receiver/deliveries.js";
import { commandLine, singleCommand } from "./command-line.js";

const key = createSigningKey();
const env = { KONNECT_AUDIT_AUTHORIZATION: authorization };
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "konnect-audit-listen-"));
  await writeFile(join(cwd, "jwks.json"), JSON.stringify(formatJwks([key])));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Listens until one delivery was made. */
async function listenForOne(args: readonly string[], line: string) {
  const stop = new AbortController();
  let delivery: Promise<unknown> | undefined;
  const run = await commandLine(["listen", "--port", "0", "--jwks", "jwks.json", ...args], {
    env,
    cwd,
    signal: stop.signal,
    onStderr(text) {
      const url = /endpoint to (\S+)/.exec(text)?.[1];
      if (url) delivery ??= deliver(url, [line]).then(() => stop.abort());
    },
  });
  await delivery;
  return run;
}

describe("konnect-audit listen", () => {
  test("prints a readable line an event, and what it received when it is stopped", async () => {
    const { stdout, stderr, exitCode } = await listenForOne([], signedLine(key));
    expect(stdout).toMatch(/^2026-11-22T10:00:00Z .* Authz\.webhook .* signed\n$/);
    expect(stderr).toContain("Received 1 events (1 signed,");
    expect(stderr).not.toContain(authorization);
    expect(exitCode).toBe(0);
  });

  test("prints NDJSON for pipes and stores the same lines", async () => {
    const line = signedLine(key);
    const args = ["--format", "ndjson", "--store", "events.ndjson"];
    const { stdout } = await listenForOne(args, line);
    expect(JSON.parse(stdout)).toMatchObject({ signature: "valid", raw: line });
    const stored = await readFile(join(cwd, "events.ndjson"), "utf8");
    expect(stored.replace(/,"chain":\{[^}]*\}\}\n$/, "}\n")).toBe(stdout);
  });

  test.each([
    ["without an authorization", [], {}, /KONNECT_AUDIT_AUTHORIZATION is not set/],
    ["with half a certificate", ["--tls-cert", "x.pem"], env, /Only one of the TLS certificate/],
    ["with a missing certificate", ["--tls-cert", "x", "--tls-key", "y"], env, /ENOENT/],
    ["with keys that are no JWKS", ["--jwks", "no.json"], env, /no\.json can't be read: ENOENT/],
    ["with an impossible port", ["--port", "70000"], env, /from 0 to 65535/],
  ])("%s exits 1 with the remedy", async (_name, args, given, message) => {
    const run = await commandLine(["listen", ...args], { env: given, cwd });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(1);
  });
});

describe("konnect-audit listen --configure", () => {
  test("borrows the region's webhook, prints what it brings, and leaves none behind", async () => {
    const emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
    const konnect = { KONNECT_TOKEN: "kpat_listen", KONNECT_SERVER_URL: emulator.serverUrl };
    const client = createKonnectClient({ token: "kpat_listen", serverUrl: emulator.serverUrl });
    const stop = new AbortController();
    let asked: Promise<unknown> | undefined;
    const run = await commandLine(["listen", "--port", "0", "--tls", "--configure", "eu"], {
      env: konnect,
      cwd,
      signal: stop.signal,
      onStderr(text) {
        if (!text.includes("delivers here")) return;
        asked ??= client
          .getWebhook("eu", { userAgent: "somebody/1.0" })
          .then(() => emulator.idle())
          .then(() => stop.abort());
      },
    });
    await asked;
    const { body } = await client.getWebhook("eu");
    await client.close();
    await emulator.close();
    expect(run.stdout).toMatch(/Authz\.webhook {2}read granted=true .* somebody\/1\.0 {2}signed/);
    expect(run.stderr).toContain('The webhook of region "eu" was removed again.');
    expect(body).toMatchObject({ endpoint: "unconfigured", enabled: false });
    expect(run.exitCode).toBe(0);
  });

  test("lets go of the webhook after Ctrl-C, and exits with 0", async () => {
    const emulator = await startEmulator();
    const client = createKonnectClient({ token: "kpat_listen", serverUrl: emulator.serverUrl });
    const listening = startProcess(["listen", "--port", "0", "--configure", "eu"], {
      KONNECT_TOKEN: "kpat_listen",
      KONNECT_SERVER_URL: emulator.serverUrl,
    });
    await listening.printed(/(delivers here)/);
    const { body: during } = await client.getWebhook("eu");
    listening.child.kill("SIGINT");
    const code = await listening.exited;
    const { body: after } = await client.getWebhook("eu");
    await client.close();
    await emulator.close();
    expect(during).toMatchObject({ enabled: true, endpoint: expect.stringContaining("127.0.0.1") });
    expect(code).toBe(0);
    expect(listening.output()).toContain("was removed again");
    expect(after).toMatchObject({ enabled: false, endpoint: "unconfigured" });
  });

  test("refuses a region whose webhook is configured, and leaves it as it is", async () => {
    const emulator = await startEmulator();
    const client = createKonnectClient({ token: "kpat_listen", serverUrl: emulator.serverUrl });
    const theirs = "https://siem.example.com/in";
    await client.updateWebhook("eu", { endpoint: theirs, authorization, enabled: false });
    const konnect = { KONNECT_TOKEN: "kpat_listen", KONNECT_SERVER_URL: emulator.serverUrl };
    const run = await commandLine(["listen", "--port", "0", "--configure", "eu"], {
      env: konnect,
      cwd,
    });
    const { body } = await client.getWebhook("eu");
    await client.close();
    await emulator.close();
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("siem.example.com");
    expect(body.endpoint).toBe(theirs);
  });
});

describe("konnect-audit events", () => {
  test("verify names the lines that are not valid and exits 2", async () => {
    const good = signedLine(key);
    await writeFile(join(cwd, "lines"), `${good}\n${good.replace("read", "edit")}\nrubbish\n`);
    const args = ["events", "verify", "lines", "--jwks", "jwks.json"];
    const run = await singleCommand(registerEvents, args, { cwd });
    expect(run.stdout).toBe(`line 2: invalid: it is not what any of the keys signed
line 3: no audit event
1 valid, 1 invalid, 0 unsigned, 0 not verifiable, 1 no audit events.
`);
    expect(run.exitCode).toBe(2);
  });

  test("parse prints every line in one form", async () => {
    await writeFile(join(cwd, "lines"), `${signedLine(key)}\n`);
    const json = await singleCommand(registerEvents, ["events", "parse", "lines"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: "authorization", format: "cef" });
    const args = ["events", "parse", "lines", "--format", "text"];
    const text = await singleCommand(registerEvents, args, { cwd });
    expect(text.stdout).toMatch(/^2026-11-22T10:00:00Z .* Authz\.webhook/);
  });
});
