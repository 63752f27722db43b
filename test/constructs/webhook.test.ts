import { TerraformOutput, TerraformVariable } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  ConstructError,
  DataKonnectauditWebhookStatus,
  KonnectAuditProvider,
  Secret,
  Webhook,
  type WebhookConfig,
} from "../../src/index.js";
import { annotations, newStack, only, packageVersion, synthesize } from "./support.js";

function stackWithProvider() {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  return stack;
}

const endpoint = "https://siem.example.com/audit";

describe("Webhook", () => {
  test("has the shape of a prebuilt provider's class", () => {
    const stack = stackWithProvider();
    const webhook = new Webhook(stack, "eu", { region: "eu", endpoint, logFormat: "json" });
    expect(Webhook.tfResourceType).toBe("konnectaudit_webhook");
    expect(webhook.logFormatInput).toBe("json");
    new TerraformOutput(stack, "attributes", {
      value: [webhook.logFormat, webhook.revision, webhook.authorizationRevision, webhook.enabled],
    });
    expect(synthesize(stack).output?.attributes?.value).toEqual([
      "${konnectaudit_webhook.eu.log_format}",
      "${konnectaudit_webhook.eu.revision}",
      "${konnectaudit_webhook.eu.authorization_revision}",
      "${konnectaudit_webhook.eu.enabled}",
    ]);

    webhook.resetLogFormat();
    webhook.enabled = false;
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook")).toEqual({
      region: "eu",
      endpoint,
      enabled: false,
    });
  });

  test("requires our provider in exactly the version of its package", () => {
    const stack = stackWithProvider();
    new Webhook(stack, "eu", { region: "eu", endpoint });
    expect(synthesize(stack).terraform?.required_providers).toEqual({
      konnectaudit: { source: "local/konnect-audit/konnectaudit", version: packageVersion },
    });
  });

  test("takes a token for every attribute, and meta-arguments as any resource", () => {
    const stack = stackWithProvider();
    const variable = (id: string) => new TerraformVariable(stack, id, {});
    const first = new Webhook(stack, "us", { region: "us", endpoint });
    new Webhook(stack, "eu", {
      region: variable("region").stringValue,
      endpoint: `https://${variable("host").stringValue}/audit`,
      authorization: variable("token").stringValue,
      authorizationVersion: variable("version").numberValue,
      enabled: variable("enabled").booleanValue,
      logFormat: variable("format").stringValue,
      skipSslVerification: variable("skip").booleanValue,
      onDestroy: variable("on_destroy").stringValue,
      dependsOn: [first],
      lifecycle: { preventDestroy: true },
    });
    expect(synthesize(stack).resource?.konnectaudit_webhook?.eu).toEqual({
      region: "${var.region}",
      endpoint: "https://${var.host}/audit",
      authorization: "${var.token}",
      authorization_version: "${var.version}",
      enabled: "${var.enabled}",
      log_format: "${var.format}",
      skip_ssl_verification: "${var.skip}",
      on_destroy: "${var.on_destroy}",
      depends_on: ["konnectaudit_webhook.us"],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("writes configuration to import an existing webhook", () => {
    const stack = stackWithProvider();
    Webhook.generateConfigForImport(stack, "eu", "eu");
    expect(synthesize(stack).import).toEqual([{ id: "eu", to: "konnectaudit_webhook.eu" }]);
  });

  test.each<[string, Partial<WebhookConfig>, RegExp]>([
    ["a malformed region", { region: "EU" }, /region must be .*Did you mean "eu"\? Found: "EU"/],
    [
      "an endpoint without TLS",
      { endpoint: "http://siem.example.com" },
      /endpoint must start with https/,
    ],
    [
      "an endpoint that is no URL",
      { endpoint: "siem.example.com" },
      /endpoint must be an absolute URL/,
    ],
    ["a format that Konnect does not have", { logFormat: "xml" }, /logFormat .*"cef"/],
    ["a removal that does not exist", { onDestroy: "delete" }, /onDestroy .*"remove"/],
    ["a fraction as version", { authorizationVersion: 1.5 }, /authorizationVersion /],
  ])("refuses %s at synth, with the construct's path", (_, wrong, message) => {
    const stack = stackWithProvider();
    new Webhook(stack, "eu", { region: "eu", endpoint, ...wrong });
    expect(() => synthesize(stack)).toThrow(message);
    expect(() => synthesize(stack)).toThrow("[audit/eu]");
  });

  test("reports all that is wrong at once", () => {
    const stack = stackWithProvider();
    new Webhook(stack, "eu", { region: "EU", endpoint: "ftp://x", logFormat: "xml" });
    expect(() => synthesize(stack)).toThrow(/region must be[\s\S]*endpoint must[\s\S]*logFormat/);
  });

  test("refuses a credential in plain text at once, without showing it", () => {
    const stack = stackWithProvider();
    const create = () =>
      new Webhook(stack, "eu", { region: "eu", endpoint, authorization: "Bearer planted-secret" });
    expect(create).toThrow(expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT" }));
    expect(create).not.toThrow("planted-secret");
    const webhook = new Webhook(stack, "us", { region: "us", endpoint });
    expect(() => {
      webhook.authorization = "Bearer planted-secret";
    }).toThrow(expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT" }));
  });

  test("takes a Secret as credential, and a token of it is what can be asked for", () => {
    const stack = stackWithProvider();
    const authorization = Secret.fromEnvironment("SIEM_TOKEN");
    const webhook = new Webhook(stack, "eu", { region: "eu", endpoint, authorization });
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook")).toMatchObject({
      authorization: "${var.SIEM_TOKEN}",
    });
    webhook.authorization = authorization.withPrefix("Bearer ");
    new TerraformOutput(stack, "given", { value: webhook.authorizationInput });
    const json = synthesize(stack);
    const expression = expect.stringMatching(/\["Bearer ", var\.SIEM_TOKEN\]/);
    expect(only(json, "resource", "konnectaudit_webhook").authorization).toEqual(expression);
    expect(json.output?.given?.value).toEqual(expression);
  });

  test("masks what an endpoint holds besides its address", () => {
    const stack = stackWithProvider();
    new Webhook(stack, "eu", { region: "eu", endpoint: "http://siem.example.com/?key=planted" });
    expect(() => synthesize(stack)).toThrow("key=***");
    expect(() => synthesize(stack)).not.toThrow("planted");
  });

  test("refuses names that no attribute has", () => {
    const config = { region: "eu", endpoint, skipSSLVerification: true };
    expect(() => new Webhook(stackWithProvider(), "eu", config)).toThrow(
      /no attribute "skipSSLVerification".*skipSslVerification/,
    );
  });

  test.each([
    "https://collectors.sumologic.com/receiver/v1/http/planted",
    "https://http-intake.logs.datadoghq.eu/api/v2/logs?dd-api-key=planted",
  ])("refuses an endpoint that is itself the credential and written out: %s", (secret) => {
    const stack = stackWithProvider();
    const webhook = new Webhook(stack, "eu", { region: "eu", endpoint: secret });
    expect(() => synthesize(stack)).toThrow(/\[audit\/eu\] endpoint is .*SECRET_IN_PLAIN_TEXT/);
    expect(() => synthesize(stack)).not.toThrow("planted");
    webhook.endpoint = Secret.fromEnvironment("SIEM_URL").forStored(stack);
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook").endpoint).toBe(
      "${var.SIEM_URL}",
    );
    webhook.endpoint = "https://http-intake.logs.datadoghq.eu/api/v2/logs";
    expect(() => synthesize(stack)).not.toThrow();
  });

  test("warns of an endpoint that looks like one that needs a relay", () => {
    const stack = stackWithProvider();
    const bulk = "https://es.example.com:9200/konnect/_bulk";
    new Webhook(stack, "eu", { region: "eu", endpoint: bulk });
    expect(annotations(stack)).toEqual([
      {
        path: "audit/eu",
        message: expect.stringMatching(/Elasticsearch.*action line.*relay.*Logstash/),
      },
    ]);
    expect(() => synthesize(stack)).not.toThrow();
  });

  test("warns of an unknown region and of TLS verification that is off", () => {
    const stack = stackWithProvider();
    new Webhook(stack, "eu", { region: "uss", endpoint, skipSslVerification: true });
    expect(annotations(stack)).toEqual([
      { path: "audit/eu", message: expect.stringMatching(/Unknown .*"uss".*Did you mean "us"/) },
      { path: "audit/eu", message: expect.stringMatching(/TLS verification is off/) },
    ]);
  });
});

describe("Two webhooks in a stack", () => {
  function stackWithRegions(first: string, second: string, provider?: KonnectAuditProvider) {
    const stack = provider?.cdktfStack ?? stackWithProvider();
    new Webhook(stack, "first", { region: first, endpoint });
    new Webhook(stack, "second", {
      region: second,
      endpoint,
      ...(provider ? { provider } : {}),
    });
    return stack;
  }

  test("can't have the same region", () => {
    const stack = stackWithRegions("eu", "eu");
    expect(() => synthesize(stack)).toThrow(/\[audit\/second\].*"eu" already .*audit\/first/);
  });

  test("can't be global and regional", () => {
    const stack = stackWithRegions("eu", "global");
    expect(() => synthesize(stack)).toThrow(/\[audit\/second\].*"global"/);
  });

  test("can have different regions, and the same one in another organisation", () => {
    expect(() => synthesize(stackWithRegions("eu", "us"))).not.toThrow();
    const stack = stackWithProvider();
    const acme = new KonnectAuditProvider(stack, "acme", { alias: "acme" });
    expect(() => synthesize(stackWithRegions("eu", "eu", acme))).not.toThrow();
  });
});

describe("DataKonnectauditWebhookStatus", () => {
  test("reads the status of a region after a pending change of its webhook", () => {
    const stack = stackWithProvider();
    const { region, revision } = new Webhook(stack, "eu", { region: "eu", endpoint });
    const status = new DataKonnectauditWebhookStatus(stack, "status", { region, revision });
    new TerraformOutput(stack, "healthy", { value: status.healthy });
    expect(synthesize(stack).output?.healthy?.value).toBe(
      "${data.konnectaudit_webhook_status.status.healthy}",
    );
    expect(only(synthesize(stack), "data", "konnectaudit_webhook_status")).toEqual({
      region: "${konnectaudit_webhook.eu.region}",
      revision: "${konnectaudit_webhook.eu.revision}",
    });
  });
});

describe("ConstructError", () => {
  test("is recognised across copies of the library", () => {
    const error = Object.assign(new Error("x"), { name: "ConstructError", remedy: "y" });
    expect(ConstructError.is(error)).toBe(true);
    expect(ConstructError.is(new Error("x"))).toBe(false);
  });
});
