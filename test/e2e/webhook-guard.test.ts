import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";

describe("the adoption guard", { timeout: 120_000 }, () => {
  test("stops a create over somebody else's webhook, shows it, and changes nothing", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const theirs = "https://theirs.example.com/in?code=hidden-code";
    await somebody.updateWebhook("eu", {
      endpoint: theirs,
      authorization: "Bearer theirs",
      enabled: true,
      log_format: "json",
    });
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Region "eu" already has an audit-log webhook/);
    expect(result.text).toMatch(
      /endpoint: at Konnect https:\/\/theirs\.example\.com\/in\?code=\*\*\*/,
    );
    expect(result.text).toMatch(/log_format: at Konnect json, in the code cef/);
    expect(result.text).toMatch(/terraform import <address> eu.*adopt_existing = true/);
    expect(result.text).not.toContain("hidden-code");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint: theirs });

    await workspace.write(secretVariable + webhookHcl("eu", endpoint, "adopt_existing = true"));
    const adopted = await workspace.succeed("apply -input=false -auto-approve");
    expect(adopted.text).toMatch(/Adopted the existing audit-log webhook of region "eu"/);
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, log_format: "cef" });
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("takes over a webhook with the same settings, with a warning", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer x", enabled: true });
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const result = await workspace.succeed("apply -input=false -auto-approve");
    expect(result.text).toMatch(/Warning: Adopted the existing audit-log webhook/);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
  });

  test("stops the second of two resources on one region", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const twice = ["one", "two"].map((name) => webhookHcl("eu", endpoint, "", { name })).join("");
    await workspace.write(secretVariable + twice);
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Two resources manage the audit-log webhook of region "eu"/);
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe(endpoint);
    const state = await workspace.state();
    expect(state.match(/"type": "konnectaudit_webhook"/g)).toHaveLength(1);

    // The new one would be taken for the same webhook, and its removal would end it: Terraform plans what is to be read last.
    const again = await workspace.terraform("apply -input=false -auto-approve");
    expect(again.exitCode).toBe(1);
    expect(again.text).toMatch(/Two resources manage.*This resource has it in state/);
    expect(await workspace.state()).toBe(state);
  });
});

describe("a replacement that creates first", { timeout: 120_000 }, () => {
  const first = "lifecycle { create_before_destroy = true }";
  const replace = "apply -input=false -auto-approve -replace=konnectaudit_webhook.eu";

  test("takes over what it replaces, and is told what to do when it differs", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint, first));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    const same = await workspace.succeed(replace);
    expect(same.text).toMatch(/Adopted the existing.*Left the audit-log|Left the.*Adopted/);
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });

    const changed = (extra: string) =>
      workspace.write(
        secretVariable + webhookHcl("eu", endpoint, `${first}\nlog_format = "json"\n${extra}`),
      );
    await changed("");
    const stopped = await workspace.terraform(replace);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.text).toMatch(/In a replacement, leave create_before_destroy out/);
    expect(stopped.text).toMatch(/log_format: at Konnect cef, in the code json/);
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ log_format: "cef" });

    await changed("adopt_existing = true");
    await workspace.succeed(replace);
    expect((await somebody.getWebhook("eu")).body).toMatchObject({
      ...{ endpoint, enabled: true, log_format: "json" },
    });
    expect((await workspace.plan()).exitCode).toBe(0);
  });
});

describe("bad input", { timeout: 120_000 }, () => {
  const region = (value: string) =>
    webhookHcl(value, "https://siem.example.com/in", "", { name: "x" });
  const endpoint = (value: string) => webhookHcl("eu", value, "", { name: "x" });

  test.each([
    ["a malformed region", region("EU west"), /region must be a Konnect region such as us, eu/],
    ["an endpoint that is no URL", endpoint("siem"), /endpoint must be an absolute URL/],
    ["an http endpoint", endpoint("http://siem.example.com/in"), /endpoint must start with https/],
    [
      "userinfo in the endpoint",
      endpoint("https://u:hidden@siem.example.com"),
      /must not hold a user/,
    ],
    [
      "an unknown format",
      webhookHcl("eu", "https://siem.example.com/in", 'log_format = "xml"', { name: "x" }),
      /log_format.*cef/,
    ],
  ])("%s is found by validate, on its attribute", async (_, hcl, message) => {
    await using stage = await createStage({ attached: true });
    await stage.workspace.write(secretVariable + hcl);
    await stage.workspace.succeed("init -input=false");
    const result = await stage.workspace.terraform("validate");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(message);
    expect(result.text).toMatch(/on main\.tf line \d+, in resource "konnectaudit_webhook" "x"/);
    expect(result.text.match(/Error: /g)).toHaveLength(1);
  });

  test.each([
    ["a region that is not documented", region("eu-west-1"), /Did you mean "eu"\?/],
    ["the global region", region("global"), /"global" is undocumented/],
    [
      "TLS verification that is off",
      webhookHcl("eu", "https://siem.example.com/in", "skip_ssl_verification = true", {
        name: "x",
      }),
      /TLS verification is off/,
    ],
  ])("%s is a warning", async (_, hcl, message) => {
    await using stage = await createStage({ attached: true });
    await stage.workspace.write(secretVariable + hcl);
    await stage.workspace.succeed("init -input=false");
    const result = await stage.workspace.succeed("validate");
    expect(result.text).toMatch(message);
  });

  test.each([
    ["no token", { KONNECT_TOKEN: undefined }, /No Konnect token.*Set KONNECT_TOKEN/],
    [
      "two tokens",
      { KONNECT_SPAT: "spat_planted" },
      /Two Konnect tokens.*KONNECT_TOKEN and KONNECT_SPAT/,
    ],
    [
      "a token that is refused",
      { KONNECT_TOKEN: "planted" },
      /did not accept the token.*KONNECT_UNAUTHORIZED/,
    ],
    [
      "a server URL of another region",
      { KONNECT_SERVER_URL: "https://us.api.konghq.com" },
      /Region "eu" can't be reached by the server URL https:\/\/us\.api\.konghq\.com/,
    ],
    [
      "a refused connection",
      { KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}" },
      /Konnect can't be reached in region "eu".*ECONNREFUSED/,
    ],
  ])("%s ends the apply with one error that says what to do", async (_, env, message) => {
    await using stage = await createStage();
    const { workspace } = stage;
    await workspace.write(
      `provider "konnectaudit" { max_retries = 0 }\n${secretVariable}${webhookHcl("eu", stage.endpoint)}`,
    );
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("apply -input=false -auto-approve", env);
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(message);
    expect(result.text.match(/Error: /g)).toHaveLength(1);
    expect(result.text).not.toContain("planted");
    expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
  });
});
