import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { readOrganisation } from "../../src/scaffold/read-organisation.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

/** Reads regions from a Konnect that answers each v2 webhook with a body. */
async function read(body: object, regions = ["eu"], status = 200) {
  await using konnect = await startScriptedServer(answers.json(status, body));
  const serverUrl = `${konnect.url}/{region}`;
  const client = createKonnectClient({ token: "kpat_read", serverUrl, retry: { maxRetries: 0 } });
  try {
    return await readOrganisation(client, regions);
  } finally {
    await client.close();
  }
}

const configured = { endpoint: "https://siem.example.com/in", enabled: true, log_format: "json" };

describe("Reading an organisation", () => {
  test("tells configured regions from those that never were, each region once", async () => {
    const found = await read(configured, ["eu", "us", "eu"]);
    expect(found.webhooks.map(({ region }) => region)).toEqual(["eu", "us"]);
    await expect(read({ endpoint: "unconfigured" })).rejects.toThrow(
      expect.objectContaining({ code: "SCAFFOLD_NOTHING_CONFIGURED" }),
    );
  });

  test.each([["EU!"], ["global"], [""]])(
    "refuses %j, which is no single region",
    async (region) => {
      await expect(read(configured, [region])).rejects.toThrow(
        expect.objectContaining({ code: "SCAFFOLD_REGION_INVALID" }),
      );
    },
  );

  test.each([
    [
      "an expression that Terraform would evaluate",
      { endpoint: "https://siem.example.com/${var.A}" },
    ],
    ["user info", { endpoint: "https://planted-user:planted-password@siem.example.com/in" }],
    ["a format that Konnect does not document", { log_format: "leef" }],
  ])("names a region with %s, and no secret of it", async (_, settings) => {
    const reading = read({ ...configured, ...settings });
    await expect(reading).rejects.toThrow(
      expect.objectContaining({ code: "SCAFFOLD_REGIONS_UNREAD" }),
    );
    await expect(reading).rejects.toThrow(/^ {2}eu: its /m);
    await expect(reading).rejects.not.toThrow(/planted/);
  });

  test("names every region that can't be read", async () => {
    const reading = read({ message: "no" }, ["eu", "us"], 403);
    await expect(reading).rejects.toThrow(/^ {2}eu: .*HTTP 403[\s\S]*^ {2}us: .*HTTP 403/m);
  });
});
