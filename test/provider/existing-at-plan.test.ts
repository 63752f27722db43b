import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { absent, startRun } from "./provider-run.js";

const webhook = "konnectaudit_webhook";
const endpoint = "https://siem.example.com/in";
const ours = { region: "eu", endpoint, authorization: "Bearer planted-credential" };
const theirs = { endpoint: "https://theirs.example.com/in?code=planted", log_format: "json" };

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let somebody: KonnectClient;
beforeAll(async () => {
  emulator = await startEmulator();
  const { serverUrl } = emulator;
  somebody = createKonnectClient({ token: "kpat_somebody", serverUrl, userAgent: "somebody" });
});
afterAll(async () => {
  await somebody.close();
  await emulator.close();
});

async function configured(settings: object) {
  await somebody.updateWebhook("eu", {
    ...{ endpoint, log_format: "cef", enabled: true, skip_ssl_verification: false },
    ...{ authorization: "Bearer theirs", ...settings },
  });
}

describe("the plan of a new webhook", () => {
  test("warns when somebody else's differs, and shows both sides by their names", async () => {
    await configured(theirs);
    const { told } = await (await startRun(emulator.serverUrl)).plan(webhook, absent, ours);
    expect(told).toMatchObject([{ severity: "warning", attribute: "region" }]);
    expect(told[0]?.summary).toBe('Region "eu" already has an audit-log webhook');
    expect(told[0]?.detail).toContain(
      `endpoint: at Konnect https://theirs.example.com/in?code=***, in the code ${endpoint}`,
    );
    expect(told[0]?.detail).toContain("log_format: at Konnect json, in the code cef");
    expect(told[0]?.detail).toContain("Apply will fail here");
    expect(told[0]?.detail).not.toContain("planted");
  });

  test("warns of a webhook where a binding is planned", async () => {
    await configured(theirs);
    const binding = {
      region: "eu",
      audit_log_destination_id: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7",
    };
    const run = await startRun(emulator.serverUrl);
    const { told } = await run.plan("konnectaudit_webhook_binding", absent, binding);
    expect(told).toMatchObject([{ severity: "warning", attribute: "region" }]);
    expect(told[0]?.detail).toContain("audit_log_destination_id: at Konnect none");
  });

  test("says that a disabled one is what Kong's destroy leaves", async () => {
    await configured({ enabled: false });
    const run = await startRun(emulator.serverUrl);
    const { told } = await run.plan(webhook, absent, ours);
    expect(told[0]?.detail).toContain("enabled: at Konnect false, in the code true");
    expect(told[0]?.detail).toContain("the destroy of Kong's own provider");
    expect((await run.apply(webhook, absent, ours)).told[0]?.detail).toContain(
      "the destroy of Kong's own provider",
    );
  });

  test.each([
    ["the same settings", {}, ours],
    ["adopt_existing", theirs, { ...ours, adopt_existing: true }],
  ])("has nothing to say with %s", async (_, settings, config) => {
    await configured(settings);
    const { told } = await (await startRun(emulator.serverUrl)).plan(webhook, absent, config);
    expect(told).toEqual([]);
  });

  test("has nothing to say of the one that a replacement lets go of", async () => {
    await configured({});
    const run = await startRun(emulator.serverUrl);
    const kept = await run.apply(webhook, absent, ours);
    const changed = { ...ours, endpoint: "https://other.example.com/in" };
    await run.plan(webhook, kept, changed);
    expect((await run.plan(webhook, absent, changed)).told).toEqual([]);
  });

  test("has nothing to say where Konnect can't be asked", async () => {
    await using refusing = await startScriptedServer((response) => response.writeHead(403).end());
    const run = await startRun(`${refusing.url}/{region}`);
    expect((await run.plan(webhook, absent, ours)).told).toEqual([]);
  });

  test("shows nothing of Konnect's that steers a terminal or repeats a secret", async () => {
    const answer = {
      endpoint: "https://theirs.example.com/in",
      ...{ enabled: true, skip_ssl_verification: false, updated_at: null },
      log_format: "red ::error::kpat_run planted-credential ##[error]x",
    };
    await using hostile = await startScriptedServer((response, { url }) => {
      const body = url.includes("/v3/") ? { audit_log_destination_id: null } : {};
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...answer, ...body }));
    });
    const run = await startRun(`${hostile.url}/{region}`);
    const { told } = await run.plan(webhook, absent, ours);
    const refused = await run.apply(webhook, absent, ours);
    for (const { detail } of [...told, ...refused.told]) {
      expect(detail).toContain("log_format: at Konnect");
      for (const raw of ["::error", "##[error]", "kpat_run", "planted-credential"]) {
        expect(detail).not.toContain(raw);
      }
    }
    expect(told).toHaveLength(1);
  });
});

describe("a server URL that can't serve a region", () => {
  const id = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7";
  const [start_at, end_at] = ["2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z"];
  test.each([
    [webhook, { ...ours, region: "us" }],
    ["konnectaudit_webhook_binding", { region: "us", audit_log_destination_id: id }],
    ["konnectaudit_portal_webhook", { region: "us", portal_id: id, audit_log_destination_id: id }],
    ["konnectaudit_replay_job", { region: "us", start_at, end_at }],
  ])("is refused in the plan of a %s, on its region", async (type, config) => {
    const run = await startRun("https://eu.api.konghq.com");
    const { told } = await run.plan(type, absent, config);
    expect(told).toMatchObject([{ severity: "error", attribute: "region" }]);
    expect(told[0]?.detail).toMatch(/"us".*https:\/\/eu\.api\.konghq\.com/);
    expect(told[0]?.detail).toContain("KONNECT_SERVER_URL_REGION");
  });

  test("is refused in the plan of a destination, which no region serves", async () => {
    const run = await startRun("https://eu.api.konghq.com");
    const { region: _, ...connection } = ours;
    const destination = { name: "siem", ...connection };
    const { told } = await run.plan("konnectaudit_destination", absent, destination);
    expect(told).toMatchObject([{ severity: "error" }]);
    expect(told[0]?.detail).toContain("KONNECT_SERVER_URL_REGION");
  });
});

describe("a rotation", () => {
  test("leaves nothing that a refresh finds changed, though Konnect's reads lag behind", async () => {
    const config = { ...ours, region: "au" };
    const kept = await (await startRun(emulator.serverUrl)).apply(webhook, absent, config);
    const run = await startRun(emulator.serverUrl);
    emulator.faults.add({ method: "GET", count: 1, effect: { kind: "stale" } });
    const rotated = await run.apply(webhook, kept, { ...config, authorization: "Bearer other" });
    expect(rotated.told).toEqual([]);
    expect(rotated.values?.updated_at).not.toBe(kept.values?.updated_at);
    expect((await run.refresh(webhook, rotated)).values).toEqual(rotated.values);
  });
});
