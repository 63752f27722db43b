import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerPreflight } from "../../src/cli/commands/preflight.js";
import { registerReplay } from "../../src/cli/commands/replay.js";
import { registerStatus } from "../../src/cli/commands/status.js";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { noKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";
import { singleCommand } from "./command-line.js";

const authorization = "Bearer operations-test-credential";
const token = "kpat_operations-test";
let emulator: Emulator;
let receiver: Receiver;
let env: Record<string, string>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-operations-"));
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  const journal = { path: join(folder, "events.ndjson") };
  receiver = await startReceiver({ authorization, keys: noKeys, journal });
  const client = createKonnectClient({ token, serverUrl: emulator.serverUrl });
  await client.updateWebhook("eu", { endpoint: receiver.url, authorization, enabled: true });
  await client.close();
  await emulator.idle();
  env = { KONNECT_TOKEN: token, KONNECT_SERVER_URL: emulator.serverUrl };
});

afterAll(async () => {
  await emulator.close();
  await receiver.close();
  await rm(folder, { recursive: true });
});

describe("konnect-audit status", () => {
  test("shows every documented region when none is named", async () => {
    const { stdout, exitCode } = await singleCommand(registerStatus, ["status"], { env });
    expect(stdout).toMatch(/^REGION +WEBHOOK +LAST ATTEMPT +ANSWER\nus +unconfigured/);
    expect(stdout).toMatch(/eu +healthy +\S+ \S+Z \(\d+ s ago\) +202 Accepted/);
    expect(exitCode).toBe(0);
  });

  test("prints JSON with a schema version", async () => {
    const args = ["status", "--region", "eu", "--json"];
    const { stdout } = await singleCommand(registerStatus, args, { env });
    expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, kind: "konnect-audit/status" });
  });
});

describe("konnect-audit replay", () => {
  test("starts the job, shows its states and what the receiver got", async () => {
    const args = ["replay", "--region", "eu", "--since", "1h", "--receiver", receiver.url];
    const { stdout, stderr, exitCode } = await singleCommand(registerReplay, args, { env });
    expect(stderr).toContain("eu  replay job accepted");
    expect(stdout).toMatch(/eu {6}completed\nThe receiver got \d+ new events, and \d+ again\.\n$/);
    expect(exitCode).toBe(0);
  });

  test("counts what a receiver has stored in a file meanwhile", async () => {
    const args = ["replay", "--region", "eu", "--since", "1h", "--receiver", "events.ndjson"];
    const { stdout } = await singleCommand(registerReplay, args, { env, cwd: folder });
    expect(stdout).toMatch(/The receiver got \d+ new events?\.\n$/);
    expect(stdout).not.toContain("got 0 new");
  });

  test.each([
    ["--since", "0s", "REPLAY_TIME_MALFORMED"],
    ["--since", "-1h", "REPLAY_TIME_MALFORMED"],
    ["--since", "99999999d", "REPLAY_RANGE_UNUSABLE"],
    ["--since", "2990-01-01T00:00:00Z", "REPLAY_RANGE_UNUSABLE"],
    ["--within", "0s", "VERIFY_DURATION_OUT_OF_RANGE"],
    ["--within", "-5s", "VERIFY_DURATION_MALFORMED"],
    ["--within", "9999d", "VERIFY_DURATION_OUT_OF_RANGE"],
    ["--within", "soon", "VERIFY_DURATION_MALFORMED"],
  ])("refuses %s %s", async (option, value, code) => {
    const args = ["replay", "--region", "eu", "--since", "1h", `${option}=${value}`];
    await expect(singleCommand(registerReplay, args, { env })).rejects.toMatchObject({ code });
  });

  test("takes a job of over seven days to Konnect, and warns", async () => {
    const args = ["replay", "--region", "eu", "--since", "8d"];
    const { stdout, exitCode } = await singleCommand(registerReplay, args, { env });
    expect(stdout).toContain("Warning: The range begins over 7 days ago");
    expect(exitCode).toBe(1);
  });
});

describe("konnect-audit preflight", () => {
  test.each(["0s", "-1s", "0.0ms", "999d", "1"])("refuses a --timeout of %s", async (value) => {
    const setup = { env: { KONNECT_AUDIT_AUTHORIZATION: authorization } };
    const args = ["preflight", "--endpoint", receiver.url, `--timeout=${value}`];
    await expect(singleCommand(registerPreflight, args, setup)).rejects.toMatchObject({
      code: expect.stringMatching(/^VERIFY_DURATION_(OUT_OF_RANGE|MALFORMED)$/),
    });
  });

  test.each<Record<string, string>>([
    {},
    { KONNECT_AUDIT_AUTHORIZATION: "" },
    { KONNECT_AUDIT_AUTHORIZATION: " \n" },
  ])("says which variable is not set in %j", async (given) => {
    const setup = { env: given };
    const args = ["preflight", "--endpoint", receiver.url];
    await expect(singleCommand(registerPreflight, args, setup)).rejects.toMatchObject({
      code: "PREFLIGHT_INPUT_UNUSABLE",
      remedy: expect.stringContaining("KONNECT_AUDIT_AUTHORIZATION"),
    });
  });

  test.each([
    ["Bearer abc\n", ""],
    ["Bearer abc", "Bearer "],
    ['"abc"', "Splunk "],
    [" abc", "Bearer "],
    ["Bearer", ""],
  ])("says which variable holds %j behind %j, which can't work", async (SIEM, prefix) => {
    const from = ["--authorization-env", "SIEM", "--authorization-prefix", prefix];
    const args = ["preflight", "--endpoint", receiver.url, ...from];
    await expect(singleCommand(registerPreflight, args, { env: { SIEM } })).rejects.toMatchObject({
      code: "PREFLIGHT_INPUT_UNUSABLE",
      message: expect.not.stringContaining("abc"),
      remedy: expect.stringContaining("Set SIEM to"),
    });
  });

  test("says which variable holds an endpoint that can't be used", async () => {
    const setup = { env: { URL_OF_SIEM: "siem", KONNECT_AUDIT_AUTHORIZATION: authorization } };
    const args = ["preflight", "--endpoint-env", "URL_OF_SIEM"];
    await expect(singleCommand(registerPreflight, args, setup)).rejects.toMatchObject({
      remedy: expect.stringContaining("Set URL_OF_SIEM or --endpoint to"),
    });
  });

  test("posts to the endpoint and credential of the environment", async () => {
    const setup = {
      KONNECT_AUDIT_ENDPOINT: receiver.url,
      KONNECT_AUDIT_AUTHORIZATION: authorization,
    };
    const run = await singleCommand(registerPreflight, ["preflight"], { env: setup });
    expect(run.stdout).toMatch(/^accepted: the endpoint answered 202 Accepted\n/);
    expect(run.exitCode).toBe(0);
  });

  test("exits 2 when the credential is wrong, and never shows it", async () => {
    const args = ["preflight", "--endpoint", receiver.url, "--json"];
    const setup = { env: { KONNECT_AUDIT_AUTHORIZATION: "Bearer quite-another" } };
    const run = await singleCommand(registerPreflight, args, setup);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: "failed", response_code: 401 });
    expect(run.stdout).not.toContain("quite-another");
    expect(run.exitCode).toBe(2);
  });

  test("without a credential says which variable to set", async () => {
    const args = ["preflight", "--endpoint", receiver.url];
    await expect(singleCommand(registerPreflight, args)).rejects.toMatchObject({
      remedy: expect.stringContaining("KONNECT_AUDIT_AUTHORIZATION"),
    });
  });
});
