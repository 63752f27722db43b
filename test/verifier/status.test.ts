import { afterEach, describe, expect, test } from "vitest";
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
