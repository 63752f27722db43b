import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { absent, startRun } from "./provider-run.js";

const connection = { endpoint: "https://siem.example.com/in", authorization: "Bearer first" };
const rotated = { log_format: "json", authorization: "Bearer second" };
const portal_id = "d32d905a-ed33-46a3-a093-d8f536af9a8a";

describe("an update with ignore_changes of what the provider decides", { timeout: 60_000 }, () => {
  test.each<[string, (destination: string) => ObjectValue, ObjectValue, readonly string[]]>([
    [
      "konnectaudit_webhook",
      () => ({ region: "eu", ...connection }),
      rotated,
      ["id", "authorization_revision", "revision", "updated_at"],
    ],
    [
      "konnectaudit_destination",
      () => ({ name: "siem", ...connection }),
      rotated,
      ["id", "authorization_revision", "revision", "created_at", "updated_at"],
    ],
    [
      "konnectaudit_webhook_binding",
      (audit_log_destination_id) => ({ region: "eu", audit_log_destination_id }),
      { enabled: false },
      ["id", "revision"],
    ],
    [
      "konnectaudit_portal_webhook",
      (audit_log_destination_id) => ({ region: "eu", portal_id, audit_log_destination_id }),
      { enabled: false },
      ["id", "revision"],
    ],
  ])("of a %s is done, and keeps each of them", async (type, configOf, change, decided) => {
    const emulator = await startEmulator();
    const { serverUrl } = emulator;
    const konnect = createKonnectClient({ token: "kpat_x", serverUrl });
    try {
      const { body } = await konnect.createDestination({
        ...{ name: "theirs", ...connection, log_format: "cef", skip_ssl_verification: false },
      });
      const created = await (await startRun(serverUrl)).apply(type, absent, configOf(body.id));
      for (const ignored of [...decided.map((name) => [name]), decided]) {
        // Terraform's way to ignore: the prior values stand in the configuration.
        const kept = Object.fromEntries(
          ignored.map((name) => [name, created.values?.[name] ?? null]),
        );
        const config = { ...configOf(body.id), ...change, ...kept };
        const updated = await (await startRun(serverUrl)).apply(type, created, config);
        expect(updated.told).toEqual([]);
        const { authorization: _, ...shown } = change;
        expect(updated.values).toMatchObject({ ...shown, ...kept });
      }
    } finally {
      await konnect.close();
      await emulator.close();
    }
  });
});
