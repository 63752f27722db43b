import { afterEach, describe, expect, test } from "vitest";
import { webhookAnswer, webhookStatusAnswer } from "../../src/konnect/wire.js";
import { renderHealth } from "../../src/verifier/render/health.js";
import { readHealth } from "../../src/verifier/status.js";
import { type HealthReport, healthReportSchema } from "../../src/verifier/status-report.js";
import { startSiem } from "./siem.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

let stage: VerifierStage | undefined;

afterEach(() => stage?.[Symbol.asyncDispose]());

describe("the health of webhooks", () => {
  test("tells healthy, failing, paused and unconfigured regions apart, and exits 2 for a failing one", async () => {
    const regions = ["us", "eu", "au", "me"];
    stage = await createVerifierStage(regions);
    const { client, clock } = stage;
    // Its own, because reading the health causes events too, which the others' SIEM accepts.
    const refusing = await startSiem([{ kind: "status", code: 401 }]);
    await stage.configure("us");
    await stage.configure("au", { enabled: false });
    await stage.configure("eu", { endpoint: refusing.url });
    const report = await readHealth({ regions, client, clock });
    await refusing.close();
    expect(report.regions.map(({ region, health }) => [region, health])).toEqual([
      ["us", "healthy"],
      ["eu", "failing"],
      ["au", "paused"],
      ["me", "unconfigured"],
    ]);
    expect(report.regions[1]).toMatchObject({
      endpoint: refusing.url,
      last_attempt: { response_code: 401 },
      hint: expect.stringContaining("credential"),
    });
    expect(report.exit_code).toBe(2);
    expect(healthReportSchema.parse(report)).toEqual(report);
  });

  test("that can't be read in one region exits 1, and shows the others", async () => {
    stage = await createVerifierStage(["us", "eu"]);
    const { client, clock, emulator } = stage;
    await stage.configure("us");
    emulator.faults.add({ region: "eu", effect: { kind: "status", status: 403 } });
    const report = await readHealth({ regions: ["us", "eu"], client, clock });
    expect(report.regions.map(({ health }) => health)).toEqual(["healthy", "error"]);
    expect(report.exit_code).toBe(1);
  });

  test("is shown as a table of 80 columns", () => {
    const nothing = { endpoint: null, log_format: null, webhook_status: null, hint: null };
    const report: HealthReport = {
      schema_version: 1,
      kind: "konnect-audit/status",
      read_at: "",
      exit_code: 1,
      regions: [
        {
          region: "eu",
          health: "failing",
          webhook_status: "inactive",
          error: null,
          endpoint: "https://siem.example.com/in",
          log_format: "json",
          hint: "Check it.",
          last_attempt: {
            at: "2026-11-22T10:00:01.250Z",
            response_code: 401,
            response_message: "Unauthorized",
          },
        },
        { ...nothing, region: "au", health: "unconfigured", last_attempt: null, error: null },
        {
          ...nothing,
          region: "sg",
          health: "error",
          last_attempt: null,
          error: { code: "KONNECT_FORBIDDEN", message: "The token may not do this.", remedy: "" },
        },
      ],
    };
    expect(renderHealth(report)).toBe(`REGION  WEBHOOK       LAST ATTEMPT          ANSWER
eu      failing       2026-11-22 10:00:01Z  401 Unauthorized
        https://siem.example.com/in (json)
        Fix: Check it.
au      unconfigured  never                 -
sg      error                               the token lacks a permission
        The token may not do this.`);
  });
});

describe("the exit code of a status", () => {
  const healthyEu = async (changes = {}) => {
    stage = await createVerifierStage(["eu", "us"]);
    await stage.configure("eu", changes);
    return { client: stage.client, clock: stage.clock };
  };

  test("is 2 where no region delivers, and 0 where those without webhook were not named", async () => {
    const { client, clock } = await healthyEu();
    const read = (regions: string[], isSweep: boolean) =>
      readHealth({ regions, client, clock, isSweep });
    expect((await read(["eu", "us"], true)).exit_code).toBe(0);
    expect((await read(["eu", "us"], false)).exit_code).toBe(2);
    expect((await read(["us"], true)).exit_code).toBe(2);
    expect((await read(["us", "me"], true)).exit_code).toBe(2);
  });

  test("is 2 for a paused webhook, unless that was allowed", async () => {
    const { client, clock } = await healthyEu({ enabled: false });
    const options = { regions: ["eu"], client, clock };
    expect((await readHealth(options)).exit_code).toBe(2);
    expect((await readHealth({ ...options, isSweep: true })).exit_code).toBe(2);
    expect((await readHealth({ ...options, allowed: ["paused"] })).exit_code).toBe(0);
    expect((await readHealth({ ...options, allowed: ["unconfigured"] })).exit_code).toBe(2);
  });

  const answering = (status: object): Parameters<typeof readHealth>[0]["client"] => ({
    getWebhook: async () => ({
      status: 200,
      date: Date.parse("2026-11-22T12:00:00Z"),
      body: webhookAnswer.parse({ endpoint: "https://siem.example.com/in", enabled: true }),
    }),
    getWebhookStatus: async () => ({
      status: 200,
      date: Date.parse("2026-11-22T12:00:00Z"),
      body: webhookStatusAnswer.parse({
        webhook_enabled: true,
        webhook_status: "active",
        ...status,
      }),
    }),
  });

  test("is 2 where nothing was ever delivered: nothing shows that it works", async () => {
    const report = await readHealth({ regions: ["eu"], client: answering({}) });
    expect(report).toMatchObject({ exit_code: 2, regions: [{ health: "untried" }] });
    expect(report.regions[0]?.hint).toContain("verify --region eu");
  });

  test.each([
    ["2026-11-22T11:00:00Z", undefined, "healthy", 0],
    ["2026-11-22T11:00:00Z", 3_599_999, "stale", 2],
    ["2026-11-22T11:00:00Z", 3_600_000, "healthy", 0],
    ["2026-10-22T11:00:00Z", undefined, "stale", 2],
  ])(
    "goes by the age of the last attempt: %s within %s ms is %s",
    async (at, maxAge, health, code) => {
      const client = answering({ last_attempt_at: at, last_response_code: 200 });
      const report = await readHealth({ regions: ["eu"], client, maxAge });
      expect(report).toMatchObject({ exit_code: code, regions: [{ health }] });
      expect(renderHealth(report)).toMatch(/\((?:60 min|1 h|31 d) ago\)/);
    },
  );

  test("leaves out an opt-in region that Konnect does not open, unless it was named", async () => {
    const { client, clock } = await healthyEu();
    stage?.emulator.faults.add({ region: "sg", effect: { kind: "status", status: 403 } });
    const options = { regions: ["eu", "sg"], client, clock };
    const swept = await readHealth({ ...options, optional: ["sg"], isSweep: true });
    expect(swept).toMatchObject({
      exit_code: 0,
      regions: [{ region: "eu" }],
      left_out: [{ region: "sg", reason: "not opened" }],
    });
    expect(renderHealth(swept)).toContain("Konnect does not open sg to this token");
    expect((await readHealth(options)).exit_code).toBe(1);
  });

  test("comes with a warning for a region that Konnect does not document", async () => {
    const { client, clock } = await healthyEu();
    const report = await readHealth({ regions: ["eu-west", "mars", "eu"], client, clock });
    expect(report.warnings).toEqual([
      expect.stringContaining('did you mean "eu"?'),
      expect.stringContaining("known: us, eu, au, me, in, sg"),
    ]);
    expect(renderHealth(report)).toMatch(/^Warning: "eu-west"/);
  });
});
