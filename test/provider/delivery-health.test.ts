import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { readHealth } from "../../src/verifier/status.js";
import { startRun } from "./provider-run.js";

let emulator: Emulator;
let client: KonnectClient;

beforeEach(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 10 } });
  client = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
});

afterEach(async () => {
  await client.close();
  await emulator.close();
});

const webhook = { endpoint: "http://127.0.0.1:9/in", authorization: "Bearer x", enabled: true };

test.each([
  ["accepts", { status: 202 }, {}, { healthy: true, health: "healthy", exit: 0 }],
  ["throttles", { status: 429 }, {}, { healthy: false, health: "failing", exit: 2 }],
  ["refuses", { status: 401 }, {}, { healthy: false, health: "failing", exit: 2 }],
  ["is paused", { status: 202 }, { enabled: false }, { healthy: false, health: "paused", exit: 2 }],
] as const)(
  "data source and status command say the same of a webhook that %s",
  async (_name, { status }, changes, { healthy, health, exit }) => {
    emulator.faults.add({ delivery: { kind: "receiver", status } });
    await client.updateWebhook("eu", { ...webhook, ...changes });
    // Not until it is idle: what is throttled is repeated for a quarter of a minute.
    const tried = async () => (await client.getWebhookStatus("eu")).body.last_attempt_at !== null;
    if (!("enabled" in changes)) await vi.waitUntil(tried, { timeout: 20_000 });
    const run = await startRun(emulator.serverUrl, {});
    const { values } = await run.readData("konnectaudit_webhook_status", { region: "eu" });
    expect(values).toMatchObject({ healthy });
    const report = await readHealth({ regions: ["eu"], client });
    expect(report.regions[0]?.health).toBe(health);
    expect(report.exit_code).toBe(exit);
  },
);

test("a region without webhook is never healthy", async () => {
  const run = await startRun(emulator.serverUrl, {});
  const { values } = await run.readData("konnectaudit_webhook_status", { region: "eu" });
  expect(values).toMatchObject({ healthy: false, webhook_status: "unconfigured" });
});
