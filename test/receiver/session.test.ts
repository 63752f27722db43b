import { afterEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { borrowWebhook } from "../../src/receiver/session.js";
import { authorization } from "./deliveries.js";

let emulator: Emulator | undefined;
let client: KonnectClient;

afterEach(async () => {
  await client.close();
  await emulator?.close();
});

async function session() {
  emulator = await startEmulator();
  client = createKonnectClient({ token: "kpat_session", serverUrl: emulator.serverUrl });
  return {
    client,
    region: "eu",
    authorization,
    logFormat: "json",
    skipTlsVerification: false,
    endpoint: "http://127.0.0.1:9/audit-logs",
  };
}

describe("a borrowed webhook", () => {
  test("delivers to the receiver, and is gone when it was released", async () => {
    const options = await session();
    const borrowed = await borrowWebhook(options);
    expect((await client.getWebhook("eu")).body).toMatchObject({
      endpoint: options.endpoint,
      enabled: true,
      log_format: "json",
    });
    expect(await borrowed.release()).toBe("released");
    expect((await client.getWebhook("eu")).body).toMatchObject({
      endpoint: "unconfigured",
      enabled: false,
    });
  });

  test("is refused where somebody has one, which stays as it is", async () => {
    const options = await session();
    const theirs = { endpoint: "https://siem.example.com/in?key=secret", authorization };
    await client.updateWebhook("eu", { ...theirs, enabled: true });
    await expect(borrowWebhook(options)).rejects.toMatchObject({
      code: "RECEIVER_WEBHOOK_CONFIGURED",
      message: expect.not.stringContaining("secret"),
    });
    expect((await client.getWebhook("eu")).body.endpoint).toBe(theirs.endpoint);
  });

  test("is left alone at the end when somebody else has taken it over", async () => {
    const borrowed = await borrowWebhook(await session());
    const theirs = "https://siem.example.com/in";
    await client.updateWebhook("eu", { endpoint: theirs });
    expect(await borrowed.release()).toBe("taken over");
    expect((await client.getWebhook("eu")).body).toMatchObject({ endpoint: theirs, enabled: true });
  });
});
