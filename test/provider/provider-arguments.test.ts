import { describe, expect, test } from "vitest";
import { answers, startScriptedServer } from "../support/scripted-server.js";
import { absent, startRun } from "./provider-run.js";

const webhook = {
  region: "eu",
  endpoint: "https://siem.example.com/in",
  authorization: "Bearer x",
};
const unconfigured = answers.json(200, { endpoint: "unconfigured", enabled: false });

describe("the token", () => {
  test.each([
    ["is missing", {}, { KONNECT_TOKEN: undefined }, /No Konnect token/],
    [
      "comes from both variables",
      {},
      { KONNECT_SPAT: "spat_planted" },
      /Two Konnect tokens[\s\S]*KONNECT_TOKEN and KONNECT_SPAT/,
    ],
    [
      "comes from both arguments",
      { personal_access_token: "kpat_planted", system_account_access_token: "spat_planted" },
      {},
      /Two Konnect tokens[\s\S]*personal_access_token and system_account_access_token/,
      "system_account_access_token",
    ],
    [
      "is an empty argument, with one of perhaps another organisation in the environment",
      { personal_access_token: "" },
      { KONNECT_TOKEN: "kpat_planted" },
      /No Konnect token[\s\S]*personal_access_token is empty[\s\S]*\(null\)/,
      "personal_access_token",
    ],
    [
      "has a line break",
      { personal_access_token: "kpat_planted\n" },
      {},
      /The Konnect token is malformed[\s\S]*personal_access_token/,
      "personal_access_token",
    ],
    [
      "has a blank in the environment",
      {},
      { KONNECT_TOKEN: "kpat_planted " },
      /The Konnect token is malformed[\s\S]*KONNECT_TOKEN/,
    ],
  ])("that %s is one error", async (_, config, env, message, attribute = undefined) => {
    const { configured } = await startRun("http://127.0.0.1:9/{region}", { config, env });
    expect(configured).toMatchObject([{ severity: "error", attribute }]);
    const text = `${configured[0]?.summary}\n${configured[0]?.detail}`;
    expect(text).toMatch(message);
    expect(text).not.toContain("planted");
  });

  test.each([
    ["KONNECT_TOKEN", { KONNECT_TOKEN: "spat_planted" }, "system_account_access_token"],
    [
      "KONNECT_SPAT",
      { KONNECT_TOKEN: undefined, KONNECT_SPAT: "kpat_planted" },
      "personal_access_token",
    ],
  ])("in the wrong slot %s is a warning that names the right one", async (source, env, slot) => {
    const { configured } = await startRun("http://127.0.0.1:9/{region}", { env });
    expect(configured).toMatchObject([{ severity: "warning" }]);
    expect(configured[0]?.detail).toContain(source);
    expect(configured[0]?.detail).toContain(slot);
    expect(configured[0]?.detail).not.toContain("planted");
  });

  test("from an argument beats the environment, as the server URL does, and an empty other one", async () => {
    await using server = await startScriptedServer(unconfigured);
    const config = {
      ...{ system_account_access_token: "spat_argument", personal_access_token: "" },
      server_url: `${server.url}/{region}`,
    };
    const run = await startRun("http://127.0.0.1:9/{region}", { config });
    expect(run.configured).toEqual([]);
    const { values } = await run.readData("konnectaudit_webhook", { region: "eu" });
    expect(values).toMatchObject({ configured: false });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer spat_argument",
    ]);
  });
});

describe("the way to Konnect", () => {
  test.each([
    [{ HTTPS_PROXY: "planted://" }, "The proxy can't be used", "HTTPS_PROXY"],
    [
      { KONNECT_AUDIT_EXTRA_CA_CERTS: "/nowhere/ca.pem" },
      "The additional certificates can't be used",
      "/nowhere/ca.pem",
    ],
  ])("by %j is one error of the provider, before any resource", async (env, summary, named) => {
    const { configured } = await startRun("http://127.0.0.1:9/{region}", { env });
    expect(configured).toMatchObject([{ severity: "error", summary }]);
    expect(configured[0]?.detail).toContain(named);
    expect(JSON.stringify(configured)).not.toContain("planted");
  });
});

describe("a server URL", () => {
  test("that names a region never takes another region's settings", async () => {
    const run = await startRun("https://eu.api.konghq.com");
    const { told, values } = await run.apply("konnectaudit_webhook", absent, {
      ...{ ...webhook, region: "us" },
    });
    expect(values).toBeNull();
    expect(told).toMatchObject([
      { severity: "error", summary: 'The server URL can\'t be used in region "us"' },
    ]);
    expect(told[0]?.detail).toContain("https://eu.api.konghq.com");
  });

  test.each(["eu.api.konghq.com", "https://user:planted@eu.api.konghq.com", "ftp://x"])(
    "such as %j is an error of the provider block that says where it comes from",
    async (serverUrl) => {
      const good = "http://127.0.0.1:9/{region}";
      const inherited = (await startRun(serverUrl)).configured;
      const { configured } = await startRun(good, { config: { server_url: serverUrl } });
      const problem = { severity: "error", summary: "The server URL can't be used" };
      expect(inherited).toMatchObject([{ ...problem, attribute: undefined }]);
      expect(inherited[0]?.detail).toContain("KONNECT_SERVER_URL");
      expect(configured).toMatchObject([{ ...problem, attribute: "server_url" }]);
      expect(JSON.stringify([inherited, configured])).not.toContain("planted");
    },
  );

  test("that is empty in the environment is none, and an empty argument is an error", async () => {
    expect((await startRun("")).configured).toEqual([]);
    const { configured } = await startRun("", { config: { server_url: "" } });
    expect(configured).toMatchObject([{ severity: "error", attribute: "server_url" }]);
  });
});
