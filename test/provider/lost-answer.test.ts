import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { UNKNOWN } from "../../src/terraform/index.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { absent, startRun } from "./provider-run.js";

const type = "konnectaudit_webhook";

/** An emulator that delivers to a SIEM, and the Authorization that this is shown. */
async function createStage() {
  const emulator = await startEmulator();
  const siem = await startScriptedServer((response) => response.writeHead(202).end());
  const somebody = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
  const settings = { region: "eu", endpoint: `${siem.url}/in` };
  return {
    emulator,
    run: () => startRun(emulator.serverUrl, { config: { max_retries: 0 } }),
    config: (authorization: string, version: number | null): ObjectValue => ({
      ...{ ...settings, authorization, authorization_version: version },
    }),
    async delivered() {
      await somebody.getWebhook("eu");
      await emulator.idle();
      return siem.requests.at(-1)?.headers.authorization;
    },
    async [Symbol.asyncDispose]() {
      await somebody.close();
      await emulator.close();
      await siem[Symbol.asyncDispose]();
    },
  };
}

describe("a rotation that fails", { timeout: 60_000 }, () => {
  test.each([
    ["value", null, null],
    ["version", 1, 2],
  ])(
    "by its %s, with the answer lost, is written again when it is rolled back",
    async (_, before, after) => {
      await using stage = await createStage();
      const created = await (await stage.run()).apply(type, absent, stage.config("one", before));
      const effect = { kind: "reset", when: "after" } as const;
      const id = stage.emulator.faults.add({ method: "PATCH", effect });
      const lost = await (await stage.run()).apply(type, created, stage.config("two", after));
      expect(lost.told).toMatchObject([{ severity: "error" }]);
      stage.emulator.faults.remove(id);
      expect(await stage.delivered()).toBe("two");

      const back = stage.config("one", before);
      const run = await stage.run();
      const rolledBack = await run.apply(type, await run.refresh(type, lost), back);
      expect(rolledBack).toMatchObject({ told: [], values: { authorization_revision: 2 } });
      expect(await stage.delivered()).toBe("one");
      const next = await stage.run();
      const refreshed = await next.refresh(type, rolledBack);
      expect(await next.plan(type, refreshed, back)).toMatchObject({ values: refreshed.values });
    },
  );

  test("because no answer came in time is written again, whatever is configured by then", async () => {
    await using stage = await createStage();
    const created = await (await stage.run()).apply(type, absent, stage.config("one", null));
    const effect = { kind: "latency", milliseconds: 1_500 } as const;
    const id = stage.emulator.faults.add({ method: "PATCH", effect });
    const config = { max_retries: 0, request_timeout: 1 };
    const impatient = await startRun(stage.emulator.serverUrl, { config, speed: 1 });
    const lost = await impatient.apply(type, created, stage.config("two", null));
    expect(lost.told).toMatchObject([{ severity: "error" }]);
    expect(lost.told[0]?.detail).toContain("KONNECT_TIMEOUT");
    stage.emulator.faults.remove(id);
    const plan = await (await stage.run()).plan(type, lost, stage.config("one", null));
    expect(plan.values?.revision).toBe(UNKNOWN);
    expect(plan.values?.authorization_revision).toBe(UNKNOWN);
  });

  test("because it was refused leaves nothing to write", async () => {
    await using stage = await createStage();
    const created = await (await stage.run()).apply(type, absent, stage.config("one", null));
    const effect = { kind: "status", status: 403 } as const;
    const id = stage.emulator.faults.add({ method: "PATCH", effect });
    const refused = await (await stage.run()).apply(type, created, stage.config("two", null));
    expect(refused.told).toMatchObject([{ severity: "error" }]);
    stage.emulator.faults.remove(id);
    const plan = await (await stage.run()).plan(type, refused, stage.config("one", null));
    expect(plan).toMatchObject({ told: [], values: created.values });
  });
});
