import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { absent, startRun } from "./provider-run.js";

const theirs = {
  endpoint:
    "https://endpoint4.collection.sumologic.com/receiver/v1/http/planted-code?key=planted-key",
  authorization: "Bearer planted-credential",
};
const ours = { endpoint: "https://siem.example.com/in", authorization: "Bearer x" };
const shown = "https://endpoint4.collection.sumologic.com/receiver/v1/http/***?key=***";

describe("an endpoint that is a credential, at somebody else's webhook", () => {
  test.each<[string, string, ObjectValue]>([
    ["a webhook", "konnectaudit_webhook", { region: "eu", ...ours }],
    [
      "a webhook that adopts it",
      "konnectaudit_webhook",
      { region: "eu", ...ours, adopt_existing: true },
    ],
    ["a destination", "konnectaudit_destination", { name: "theirs", ...ours }],
    [
      "a binding",
      "konnectaudit_webhook_binding",
      { region: "eu", audit_log_destination_id: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7" },
    ],
  ])("is masked in what is told about %s", async (_, type, config) => {
    const emulator = await startEmulator();
    const konnect = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
    try {
      await konnect.updateWebhook("eu", { ...theirs, enabled: true });
      await konnect.createDestination({
        ...{ name: "theirs", ...theirs, log_format: "cef", skip_ssl_verification: false },
      });
      const run = await startRun(emulator.serverUrl);
      const { told } = await run.apply(type, absent, config);
      const text = told.map(({ summary, detail }) => `${summary}\n${detail}`).join("\n");
      expect(text).toContain(shown);
      expect(text).not.toContain("planted");
    } finally {
      await konnect.close();
      await emulator.close();
    }
  });
});
