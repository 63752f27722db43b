import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { adoptedStack } from "../../src/scaffold/adopted-stack.js";
import { type ReadOptions, readOrganisation } from "../../src/scaffold/read-organisation.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";
import { leakOf, steeringOf } from "../support/spelled-secrets.js";

type Answer = Parameters<typeof startScriptedServer>[0];

/** Reads regions from a Konnect that gives this answer to every question. */
async function readFrom(
  answer: Answer,
  regions: readonly string[],
  options: ReadOptions = {},
  token = "kpat_read",
) {
  await using konnect = await startScriptedServer(answer);
  const serverUrl = `${konnect.url}/{region}`;
  const client = createKonnectClient({ token, serverUrl, retry: { maxRetries: 0 } });
  try {
    return await readOrganisation(client, regions, options);
  } finally {
    await client.close();
  }
}

/** The same, with one body for everything. */
function read(body: object, regions = ["eu"], status = 200) {
  return readFrom(answers.json(status, body), regions);
}

/** Answers by what a request's path ends with. */
function byPath(routes: Readonly<Record<string, [number, object]>>): Answer {
  return (response, request) => {
    const found = Object.entries(routes).find(([path]) => request.url.endsWith(path));
    const [status, body] = found?.[1] ?? [404, {}];
    answers.json(status, body)(response, request);
  };
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

  test("reads the destination behind regions that are bound to one, once", async () => {
    const bound = { ...configured, audit_log_destination_id: "d1" };
    const found = await readFrom(
      byPath({
        "/audit-log-webhook": [200, bound],
        "/global/v3/audit-log-destinations/d1": [200, { id: "d1", name: "SIEM", ...configured }],
      }),
      ["eu", "us"],
    );
    expect(found.webhooks).toEqual([]);
    expect(found.bindings.map(({ region }) => region)).toEqual(["eu", "us"]);
    expect(found.destinations).toEqual([
      {
        ...{ id: "d1", name: "SIEM", endpoint: configured.endpoint },
        ...{ logFormat: "json", skipSslVerification: false },
      },
    ]);
  });

  test.each<[string, [number, object], RegExp]>([
    ["is gone", [404, {}], /eu: .*d1: Konnect does not know it/],
    ["can't be read", [403, {}], /eu: .*d1: .*HTTP 403/],
    [
      "has another format",
      [200, { id: "d1", name: "S", ...configured, log_format: "x" }],
      /eu: .*d1: its log_format/,
    ],
    [
      "is named by an expression",
      [200, { id: "d1", name: "%{ if }", ...configured }],
      /eu: .*d1: its name/,
    ],
  ])("names the regions that are bound to a destination which %s", async (_, answer, message) => {
    const bound = { ...configured, audit_log_destination_id: "d1" };
    const konnect = byPath({ "/audit-log-webhook": [200, bound], "/d1": answer });
    await expect(readFrom(konnect, ["eu"])).rejects.toThrow(message);
  });

  test("shows nothing of Konnect's words that would steer a terminal, and no token", async () => {
    const hostile = "kpat_read-planted-token \u001b[31m\u202e\n::error::x ##[error]y";
    const bound = { ...configured, audit_log_destination_id: "d1" };
    const named = { id: "d1", name: "kpat_read-planted-token", ...configured };
    const answers: Answer[] = [
      byPath({ "/audit-log-webhook": [401, { detail: hostile, instance: hostile }] }),
      byPath({ "/audit-log-webhook": [200, { ...configured, log_format: hostile }] }),
      byPath({ "/audit-log-webhook": [200, bound], "/d1": [403, { title: hostile }] }),
      byPath({ "/audit-log-webhook": [200, bound], "/d1": [200, named] }),
    ];
    for (const answer of answers) {
      const error = await readFrom(answer, ["eu"], {}, "kpat_read-planted-token").catch(
        (reason: unknown) => reason,
      );
      if (!(error instanceof Error)) throw new Error("nothing was refused");
      expect(error.message).toMatch(/^ {2}eu: /m);
      expect(leakOf(error.message, "kpat_read-planted-token")).toBeUndefined();
      expect(steeringOf(error.message)).toBeUndefined();
    }
  });

  test("marks an endpoint that a known secret is part of", async () => {
    const endpoint = "https://kpat-read-planted-token.siem.example.com/in";
    const answer = byPath({ "/audit-log-webhook": [200, { ...configured, endpoint }] });
    const found = await readFrom(answer, ["eu"], {}, "kpat_read-planted-token");
    expect(found.webhooks[0]).toMatchObject({ endpoint, endpointIsSecret: true });
    const { source } = adoptedStack(found);
    expect(source).not.toContain("planted");
    expect(source).toContain(
      'endpoint: { before: "", credential: Secret.fromEnvironment("SIEM_URL") }',
    );
  });

  test.each([403, 404])(
    "leaves out a region that need not be there and answers %i",
    async (status) => {
      const answer = byPath({
        "/eu/v2/audit-log-webhook": [200, configured],
        "/sg/v2/audit-log-webhook": [status, {}],
      });
      const found = await readFrom(answer, ["eu", "sg"], { optional: ["sg"] });
      expect(found.unavailable).toEqual(["sg"]);
      await expect(readFrom(answer, ["eu", "sg"])).rejects.toThrow(/sg: /);
    },
  );

  test("takes no other failure for a region that is not there", async () => {
    const answer = byPath({
      "/eu/v2/audit-log-webhook": [200, configured],
      "/sg/v2/audit-log-webhook": [500, {}],
    });
    await expect(readFrom(answer, ["eu", "sg"], { optional: ["sg"] })).rejects.toThrow(/sg: /);
  });
});
