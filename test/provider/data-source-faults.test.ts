import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { failures } from "./failures.js";
import { startRun } from "./provider-run.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";

/** The data sources, and which of them are health checks: a failure of those must not stop a plan. */
const sources = [
  { type: "konnectaudit_webhook", config: { region: "eu" }, isHealth: false },
  { type: "konnectaudit_destinations", config: {}, isHealth: false },
  { type: "konnectaudit_jwks", config: { region: "eu" }, isHealth: false },
  { type: "konnectaudit_webhook_status", config: { region: "eu" }, isHealth: true },
  {
    type: "konnectaudit_portal_webhook_status",
    config: { region: "eu", portal_id: portal },
    isHealth: true,
  },
];

const cells = failures.flatMap((failure) => sources.map((source) => ({ failure, ...source })));

describe.concurrent.each(cells)("$failure.name at data $type", { timeout: 60_000 }, (cell) => {
  const { failure, type, config, isHealth } = cell;

  test(isHealth ? "is an attribute and a warning" : "is one error with a remedy", async () => {
    const emulator = await startEmulator();
    try {
      const impatient = { config: { max_retries: 0, request_timeout: 1 } };
      const run = await startRun(emulator.serverUrl, impatient);
      emulator.faults.add({ effect: failure.effect });
      const { values, told } = await run.readData(type, config);
      expect(told).toMatchObject([{ severity: isHealth ? "warning" : "error" }]);
      expect(told[0]?.detail).toMatch(new RegExp(`[.]\\n\\n[A-Z].* \\(${failure.code}\\)$`));
      if (isHealth) {
        expect(values).toMatchObject({ healthy: null, error: expect.stringContaining("eu") });
      } else {
        expect(values).toBeNull();
      }
    } finally {
      await emulator.close();
    }
  });
});
