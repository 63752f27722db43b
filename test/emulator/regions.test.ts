import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { knownRegions } from "../../src/konnect/regions.js";
import { commandLine } from "../cli/command-line.js";
import { startStage } from "./stage.js";

const webhook = "/v2/audit-log-webhook";
const configured = { endpoint: "https://127.0.0.1:1/", authorization: "x", enabled: true };

describe("a region that Konnect does not document", () => {
  test("is a 404 that says so, and is told once", async () => {
    const told: string[] = [];
    await using stage = await startStage({ log: (line) => told.push(line) });
    for (let time = 0; time < 2; time++) {
      const { status, body } = await stage.call("PATCH", `/ue${webhook}`, configured);
      expect(status).toBe(404);
      expect(body).toMatchObject({
        detail: 'Konnect documents no region "ue": did you mean "eu"?',
        instance: expect.stringMatching(/^kong:trace:[1-9]\d{18}$/),
      });
    }
    expect(told).toEqual([expect.stringMatching(/"ue".*`--region ue`/)]);
    expect(stage.emulator.requests.at(-1)).toMatchObject({ region: "ue", status: 404 });
  });

  test("leaves nothing behind, whatever is called and with whichever token", async () => {
    const told: string[] = [];
    await using stage = await startStage({ log: (line) => told.push(line) });
    for (let n = 0; n < 200; n++) {
      const headers = n % 2 ? { authorization: "Bearer garbage" } : {};
      expect((await stage.call("GET", `/r${n}${webhook}`, undefined, headers)).status).toBe(404);
    }
    expect((await stage.call("GET", "/_emulator/webhooks")).body).toEqual([]);
    expect(told.length).toBeLessThanOrEqual(100);
  });

  test("is served when it is asked for", async () => {
    await using stage = await startStage({ regions: ["jp", "in-2"] });
    expect((await stage.call("PATCH", `/jp${webhook}`, configured)).status).toBe(200);
    stage.emulator.makeEvents({ kind: "permission-check", region: "in-2" });
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body.map(({ region }: { region: string }) => region)).toEqual(["jp", "in-2"]);
  });

  test("ends verify and status with an error that names it, and no verdict", async () => {
    await using stage = await startStage();
    const env = { KONNECT_TOKEN: "kpat_x", KONNECT_SERVER_URL: stage.emulator.serverUrl };
    for (const command of ["verify", "status"]) {
      const { exitCode, stdout, stderr } = await commandLine([command, "--region", "mars"], {
        env,
      });
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(/mars/);
      expect(stdout + stderr).toMatch(/404/);
      expect(stdout + stderr).not.toMatch(/unconfigured/);
    }
  });

  test("gets no events", async () => {
    await using stage = await startStage();
    const order = { kind: "permission-check", region: "mars" } as const;
    expect(() => stage.emulator.makeEvents(order)).toThrow(/no region "mars"/);
    const { status, body } = await stage.call("POST", "/_emulator/events", order);
    expect([status, body.error]).toEqual([400, expect.stringContaining('no region "mars"')]);
  });

  test.each(["ue.localhost:1", "UE.api.konghq.com"])("is found in the host %s", async (host) => {
    await using stage = await startStage();
    const { status } = await callWithHost(stage.emulator.url, host);
    expect(status).toBe(404);
    expect(stage.emulator.requests.at(-1)?.region).toBe("ue");
  });

  test("can't have a name that no host can have", async () => {
    await expect(startEmulator({ regions: ["jp", "E U"] })).rejects.toMatchObject({
      code: "EMULATOR_SETTINGS_INVALID",
      message: expect.stringContaining('"E U"'),
    });
  });
});

describe("a documented region", () => {
  test.each([...knownRegions, "global"])("%s is served", async (region) => {
    await using stage = await startStage();
    expect((await stage.call("GET", `/${region}${webhook}`)).status).toBe(200);
  });

  test.each([
    ["EU.localhost", "eu"],
    ["eu.emulator.example.com:8080", "eu"],
    ["emulator.example.com", "global"],
    ["emulator", "global"],
    ["127.0.0.1", "global"],
  ])("is found in the host %s", async (host, region) => {
    await using stage = await startStage();
    expect((await callWithHost(stage.emulator.url, host)).status).toBe(200);
    expect(stage.emulator.requests.at(-1)?.region).toBe(region);
  });
});

describe("a path that names no region", () => {
  test.each([`/EU${webhook}`, `/%7Bregion%7D${webhook}`, "/", "/favicon.ico"])(
    "such as %s is a 404 with an id of its own, and is in the list of calls",
    async (path) => {
      await using stage = await startStage();
      const ids = new Set<string>();
      for (let time = 0; time < 2; time++) {
        const { status, body } = await stage.call("GET", path);
        expect(status).toBe(404);
        expect(body.detail).toContain("names no region");
        ids.add(body.instance);
      }
      expect(ids.size).toBe(2);
      expect(stage.emulator.requests).toMatchObject([
        { region: "", path, status: 404 },
        { region: "", path, status: 404 },
      ]);
    },
  );
});

/** fetch() sets Host itself. */
function callWithHost(url: string, host: string): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: "Bearer kpat_x" };
    request(`${url}${webhook}`, { headers }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode }));
    })
      .on("error", reject)
      .end();
  });
}
