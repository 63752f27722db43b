import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { absent, startRun } from "./provider-run.js";

const connection = { endpoint: "https://siem.example.com/in", authorization: "Bearer x" };
const type = "konnectaudit_webhook";
const portal_id = "d32d905a-ed33-46a3-a093-d8f536af9a8a";

/** An emulator with a destination, whose v3 DELETE does one thing or the other. */
async function createStage(v3Delete: "clears" | "keeps-connection" = "clears") {
  const emulator = await startEmulator({ knobs: { v3Delete } });
  const { serverUrl } = emulator;
  const konnect = createKonnectClient({ token: "kpat_x", serverUrl });
  const { body } = await konnect.createDestination({
    ...{ name: "theirs", ...connection, log_format: "cef", skip_ssl_verification: false },
  });
  return {
    ...{ serverUrl, konnect, destination: body.id },
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}

const disabling: ObjectValue = { region: "eu", ...connection, on_destroy: "disable" };

/** A run that has just destroyed the webhook of `eu`, which an earlier one created; it is disabled, and still there. */
async function runThatLetGo(serverUrl: string) {
  const created = await (await startRun(serverUrl)).apply(type, absent, disabling);
  const run = await startRun(serverUrl);
  await run.apply(type, created, null);
  return run;
}

describe("a replacement, whatever its first half leaves at Konnect", { timeout: 60_000 }, () => {
  test.each([
    ["remove", "clears"],
    ["remove", "keeps-connection"],
    ["disable", "clears"],
    ["retain", "clears"],
  ] as const)(
    "on_destroy = %s where the API %s: the webhook is there again",
    async (on_destroy, v3Delete) => {
      await using stage = await createStage(v3Delete);
      const { serverUrl, konnect } = stage;
      const config: ObjectValue = { region: "eu", ...connection, on_destroy };
      const created = await (await startRun(serverUrl)).apply(type, absent, config);
      const run = await startRun(serverUrl);
      expect((await run.apply(type, created, null)).values).toBeNull();
      const changed = { ...config, log_format: "json" };
      const replaced = await run.apply(type, absent, changed);
      expect(replaced).toMatchObject({ told: [], values: { log_format: "json" } });
      expect((await konnect.getWebhook("eu")).body).toMatchObject({
        ...{ endpoint: connection.endpoint, enabled: true, log_format: "json" },
      });
      const other = await startRun(serverUrl);
      expect(await other.plan(type, replaced, changed)).toMatchObject({ values: replaced.values });
    },
  );

  test("may be by a binding: the region is this run's own", async () => {
    await using stage = await createStage();
    const { serverUrl, konnect, destination } = stage;
    const run = await runThatLetGo(serverUrl);
    const bound = await run.apply("konnectaudit_webhook_binding", absent, {
      ...{ region: "eu", audit_log_destination_id: destination },
    });
    expect(bound.told).toEqual([]);
    expect((await konnect.getBinding("eu"))?.body).toMatchObject({
      ...{ audit_log_destination_id: destination, enabled: true },
    });
  });

  test("in another run, or of another place, is still guarded", async () => {
    await using stage = await createStage();
    const { serverUrl, konnect, destination } = stage;
    const run = await runThatLetGo(serverUrl);
    const later = await (await startRun(serverUrl)).apply(type, absent, disabling);
    expect(later).toMatchObject({ values: null, told: [{ attribute: "region" }] });

    await konnect.updateWebhook("us", { ...connection, enabled: true });
    const elsewhere = await run.apply(type, absent, {
      ...disabling,
      region: "us",
      log_format: "json",
    });
    expect(elsewhere).toMatchObject({ values: null, told: [{ attribute: "region" }] });
    const theirs = { audit_log_destination_id: destination, enabled: false };
    await konnect.updatePortalWebhook("eu", portal_id, theirs);
    const portal = await run.apply("konnectaudit_portal_webhook", absent, {
      ...{ region: "eu", portal_id, audit_log_destination_id: destination },
    });
    expect(portal).toMatchObject({ values: null, told: [{ attribute: "portal_id" }] });
  });
});
