import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { absent, startRun } from "./provider-run.js";

const type = "konnectaudit_webhook";
const config = { region: "eu", endpoint: "https://siem.example.com/in", authorization: "Bearer x" };

describe("the removal of a webhook", () => {
  test.each([
    [
      "fails half-way says that nothing is delivered any more, and keeps the state",
      { method: "DELETE" },
      [
        { severity: "warning", summary: /webhook of region "eu" is disabled by now/ },
        { severity: "error", summary: /lacks a permission in region "eu"/ },
      ],
    ],
    [
      "can't be confirmed has happened all the same",
      { method: "GET", path: "/v2/audit-log-webhook" },
      [{ severity: "warning", summary: /in region "eu" could not be read/ }],
    ],
  ] as const)("that %s", async (_, call, expected) => {
    const emulator = await startEmulator();
    try {
      const created = await (await startRun(emulator.serverUrl)).apply(type, absent, config);
      emulator.faults.add({ ...call, effect: { kind: "status", status: 403 } });
      const run = await startRun(emulator.serverUrl, { config: { max_retries: 0 } });
      const { told, values } = await run.apply(type, created, null);
      expect(told.map(({ severity }) => severity)).toEqual(
        expected.map(({ severity }) => severity),
      );
      for (const [index, { summary }] of expected.entries()) {
        expect(told[index]?.summary).toMatch(summary);
      }
      expect(told.at(-1)?.detail).toContain("KONNECT_FORBIDDEN");
      expect(values).toEqual(call.method === "DELETE" ? created.values : null);
    } finally {
      await emulator.close();
    }
  });
});
