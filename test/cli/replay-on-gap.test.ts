import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { noKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";
import { commandLine } from "./command-line.js";

const authorization = "Bearer gap-test-credential";
const token = "kpat_gap-test";
let emulator: Emulator;
let receiver: Receiver;
let konnect: KonnectClient;

beforeAll(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  receiver = await startReceiver({ authorization, keys: noKeys });
  konnect = createKonnectClient({ token, serverUrl: emulator.serverUrl });
  await konnect.updateWebhook("eu", { endpoint: receiver.url, authorization, enabled: true });
  await emulator.idle();
});

afterAll(async () => {
  await konnect.close();
  await emulator.close();
  await receiver.close();
});

test("the replay that verify --replay-on-gap proposes brings back what an outage lost", async () => {
  emulator.faults.add({ delivery: { kind: "receiver", status: 403 } });
  await konnect.getWebhook("eu");
  await emulator.idle();
  emulator.faults.clear();
  // The look at the status is an event too: delivered, it would make history of the failure.
  emulator.faults.add({ delivery: { kind: "drop" }, count: 1 });

  const env = { KONNECT_TOKEN: token, KONNECT_SERVER_URL: emulator.serverUrl };
  const verify = ["verify", "--region", "eu", "--replay-on-gap", "--every", "100ms"];
  const { stdout, exitCode } = await commandLine(verify, { env });
  expect(exitCode).toBe(0);
  const [, proposed = ""] =
    /^ {2}konnect-audit (replay --region eu --since .*)$/m.exec(stdout) ?? [];
  expect(proposed).toMatch(/ --until \S+Z$/);

  const replay = [...proposed.split(" "), "--receiver", receiver.url];
  const replayed = await commandLine(replay, { env });
  expect(replayed.exitCode, replayed.stderr).toBe(0);
  expect(replayed.stdout).toMatch(/The receiver got [1-9]\d* new events?/);
});
