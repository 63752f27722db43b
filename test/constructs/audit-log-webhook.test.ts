import { describe, expect, test } from "vitest";
import {
  AuditLogWebhook,
  type AuditLogWebhookConfig,
  AuditLogWebhooks,
  type AuditLogWebhooksConfig,
  KonnectAuditProvider,
  Secret,
  Siem,
  type SiemDestination,
} from "../../src/index.js";
import { annotations, newStack, only, synthesize } from "./support.js";

const token = Secret.fromEnvironment("SIEM_TOKEN");
const endpoint = "https://siem.example.com/audit";

function stackWithWebhook(config: Partial<AuditLogWebhookConfig> = {}) {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  const destination = config.siem ? {} : { endpoint };
  new AuditLogWebhook(stack, "eu", { region: "eu", ...destination, ...config });
  return stack;
}

describe("AuditLogWebhook", () => {
  test("synthesizes the webhook, its status and a check that only asserts", () => {
    const json = synthesize(stackWithWebhook({ authorization: token }));
    expect(json).toMatchInlineSnapshot(`
      {
        "check": {
          "eu_health_D23DE08A": {
            "assert": [
              {
                "condition": "\${data.konnectaudit_webhook_status.eu_health_status_9468EDEB.healthy != false}",
                "error_message": "\${data.konnectaudit_webhook_status.eu_health_status_9468EDEB.webhook_status == "unconfigured" ? "Region \${data.konnectaudit_webhook_status.eu_health_status_9468EDEB.region} has no audit-log webhook: nothing is delivered." : data.konnectaudit_webhook_status.eu_health_status_9468EDEB.webhook_enabled ? "Deliveries of audit events from region \${data.konnectaudit_webhook_status.eu_health_status_9468EDEB.region} fail: \${coalesce(tostring(data.konnectaudit_webhook_status.eu_health_status_9468EDEB.last_response_code), "no answer")} (\${substr(replace(coalesce(data.konnectaudit_webhook_status.eu_health_status_9468EDEB.last_response_message, "no message"), "/[\\\\pC\\\\pZ]+|##+|::+/", " "), 0, 200)})." : "The audit-log webhook of region \${data.konnectaudit_webhook_status.eu_health_status_9468EDEB.region} is paused: nothing is delivered."}",
              },
            ],
          },
        },
        "data": {
          "konnectaudit_webhook_status": {
            "eu_health_status_9468EDEB": {
              "region": "\${konnectaudit_webhook.eu_webhook_03E4561D.region}",
              "revision": "\${konnectaudit_webhook.eu_webhook_03E4561D.revision}",
            },
          },
        },
        "provider": {
          "konnectaudit": [
            {},
          ],
        },
        "resource": {
          "konnectaudit_webhook": {
            "eu_webhook_03E4561D": {
              "authorization": "\${var.SIEM_TOKEN}",
              "endpoint": "https://siem.example.com/audit",
              "region": "eu",
            },
          },
        },
        "terraform": {
          "required_providers": {
            "konnectaudit": {
              "source": "local/konnect-audit/konnectaudit",
              "version": "0.1.0-dev.test",
            },
          },
        },
        "variable": {
          "SIEM_TOKEN": {
            "default": null,
            "description": "Set TF_VAR_SIEM_TOKEN for a deploy. Without it Konnect keeps the value it has.",
            "ephemeral": true,
            "sensitive": true,
            "type": "string",
            "validation": [
              {
                "condition": "\${((trimspace(coalesce(var.SIEM_TOKEN, " ")) == "") || can(regex("^[!-~]([ -~]*[!-~])?$", coalesce(var.SIEM_TOKEN, " "))))}",
                "error_message": "TF_VAR_SIEM_TOKEN begins or ends with a blank or a line break, or holds a character other than visible ASCII. Set it to the value alone.",
              },
            ],
          },
        },
      }
    `);
  });

  test("passes every option on to the resource", () => {
    const stack = stackWithWebhook({
      enabled: false,
      skipSslVerification: true,
      authorizationVersion: 3,
      logFormat: "cps",
      removalPolicy: "retain",
      existing: "adopt",
      healthCheck: false,
      lifecycle: { preventDestroy: true },
    });
    expect(synthesize(stack).data).toBeUndefined();
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook")).toEqual({
      region: "eu",
      endpoint,
      enabled: false,
      skip_ssl_verification: true,
      authorization_version: 3,
      log_format: "cps",
      on_destroy: "retain",
      adopt_existing: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("imports a webhook that is there already by its region", () => {
    expect(synthesize(stackWithWebhook({ existing: "import" })).import).toEqual([
      { id: "eu", to: expect.stringMatching(/^konnectaudit_webhook\.eu_webhook_/) },
    ]);
  });

  test("takes endpoint, format and authorization from a preset", () => {
    const stack = stackWithWebhook({ siem: Siem.splunk({ host: "splunk.example.com", token }) });
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook")).toMatchObject({
      endpoint: "https://splunk.example.com:8088/services/collector/raw",
      log_format: "json",
      authorization: expect.stringContaining('"Splunk "'),
    });
  });

  test("hides an endpoint that is the credential, wants it for every command, and says so", () => {
    const url = Secret.fromEnvironment("SUMO_URL");
    const stack = stackWithWebhook({ siem: Siem.sumoLogic({ url }) });
    const json = synthesize(stack);
    expect(only(json, "resource", "konnectaudit_webhook").endpoint).toBe("${var.SUMO_URL}");
    expect(json.variable?.SUMO_URL).toMatchObject({ sensitive: true, default: null });
    expect(json.variable?.SUMO_URL).not.toHaveProperty("ephemeral");
    expect(json.variable?.SUMO_URL?.validation).toEqual([
      {
        condition: '${!(trimspace(coalesce(var.SUMO_URL, " ")) == "")}',
        error_message: expect.stringContaining("Set TF_VAR_SUMO_URL"),
      },
      expect.objectContaining({ error_message: expect.stringContaining("TF_VAR_SUMO_URL begins") }),
    ]);
    expect(annotations(stack)).toEqual([
      { path: "audit/eu", message: expect.stringMatching(/Sumo Logic is itself the credential/) },
    ]);
  });

  test.each<[string, AuditLogWebhookConfig]>([
    ["no destination", { region: "eu" }],
    ["two destinations", { region: "eu", endpoint, siem: Siem.generic({ endpoint, token }) }],
    [
      "a preset and a format",
      { region: "eu", logFormat: "cef", siem: Siem.generic({ endpoint, token }) },
    ],
  ])("refuses %s", (_, config) => {
    expect(() => new AuditLogWebhook(newStack(), "eu", config)).toThrow(
      expect.objectContaining({ code: "SIEM_AND_ENDPOINT", path: "audit/eu" }),
    );
  });

  test.each<[string, object, RegExp]>([
    [
      "an option that there is not, which a cast lets through",
      ...([{ gates: true }, /no attribute "gates".*gate.*ATTRIBUTE_UNKNOWN/] as const),
    ],
    [
      "a way with an existing webhook that there is not",
      ...([{ existing: "imports" }, /existing must be .*"import".*Found: "imports"/] as const),
    ],
    [
      "a removal that does not exist, by the name that it has here",
      ...([{ removalPolicy: "destroy" }, /removalPolicy must be one of "remove"/] as const),
    ],
    ["a gate that is neither", { gate: "yes" }, /gate must be true, false or the options/],
    ["a health check that is none", { healthCheck: "off" }, /healthCheck must be a boolean/],
  ])("refuses %s", (_, config, message) => {
    expect(() => stackWithWebhook(config)).toThrow(message);
    expect(() => stackWithWebhook(config)).toThrow("[audit/eu]");
  });

  test.each<[string, SiemDestination<Secret>]>([
    [
      "in the header",
      Siem.splunk({ host: "splunk.example.com", token: "planted" as unknown as Secret }),
    ],
    ["in the endpoint", Siem.datadog({ apiKey: "planted" as unknown as Secret })],
  ])("refuses a preset whose credential is a plain string, %s, without showing it", (_, siem) => {
    expect(() => stackWithWebhook({ siem })).toThrow(
      expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT", path: "audit/eu" }),
    );
    expect(() => stackWithWebhook({ siem })).not.toThrow("planted");
  });

  test.each([
    ["https://es.example.com/konnect/_bulk", /Elasticsearch.*relay.*Logstash/],
    ["https://loki.example.com/loki/api/v1/push", /Grafana Loki.*relay.*Alloy/],
  ])("warns once that a preset's endpoint %s needs a relay", (unfit, message) => {
    const siem = Siem.generic({ endpoint: unfit, token });
    const warnings = annotations(stackWithWebhook({ siem })).filter(({ message: text }) =>
      text.includes("relay"),
    );
    expect(warnings).toMatchObject([{ message: expect.stringMatching(message) }]);
  });

  test("takes a token that stands alone", () => {
    const siem = Siem.generic({ endpoint, token, scheme: "" });
    const { authorization } = only(
      synthesize(stackWithWebhook({ siem })),
      "resource",
      "konnectaudit_webhook",
    );
    expect(authorization).toBe("${var.SIEM_TOKEN}");
  });

  test("warns that cdktf's HCL output leaves the check out", () => {
    const stack = newStack({ hclOutput: true });
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
    expect(annotations(stack)).toEqual([
      { path: "audit/eu/health", message: expect.stringContaining("HCL_DROPS_CHECKS") },
    ]);
  });
});

describe("AuditLogWebhooks", () => {
  function stackWithWebhooks(config: Partial<AuditLogWebhooksConfig> = {}) {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const healthCheck = false;
    const common = { regions: ["us", "eu"], endpoint, authorization: token, healthCheck };
    new AuditLogWebhooks(stack, "all", { ...common, ...config });
    return stack;
  }

  function webhooks(stack: ReturnType<typeof stackWithWebhooks>) {
    const all = Object.values(synthesize(stack).resource?.konnectaudit_webhook ?? {});
    return Object.fromEntries(
      all.map((webhook) => [(webhook as { region: string }).region, webhook]),
    );
  }

  test("is one webhook a region, with what is overridden there", () => {
    const stack = stackWithWebhooks({ overrides: { eu: { enabled: false, logFormat: "json" } } });
    expect(webhooks(stack)).toEqual({
      us: { region: "us", endpoint, authorization: "${var.SIEM_TOKEN}" },
      eu: {
        ...{ region: "eu", endpoint, authorization: "${var.SIEM_TOKEN}" },
        ...{ enabled: false, log_format: "json" },
      },
    });
  });

  test("lets an override replace a preset by an endpoint, and an endpoint by a preset", () => {
    const siem = Siem.generic({ endpoint: "https://relay.example.com", token, scheme: "Token" });
    const toSiem = webhooks(stackWithWebhooks({ overrides: { eu: { siem } } }));
    expect(toSiem.eu).toMatchObject({ endpoint: "https://relay.example.com" });
    expect(toSiem.us).toMatchObject({ endpoint });

    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const overrides = { eu: { endpoint, authorization: token } };
    new AuditLogWebhooks(stack, "all", { regions: ["us", "eu"], siem, overrides });
    expect(webhooks(stack).eu).toMatchObject({ endpoint, authorization: "${var.SIEM_TOKEN}" });
    expect(webhooks(stack).us).toMatchObject({ endpoint: "https://relay.example.com" });
  });

  test("gives each webhook by its region", () => {
    const all = new AuditLogWebhooks(newStack(), "all", { regions: ["us", "eu"], endpoint });
    expect(all.forRegion("eu").regionInput).toBe("eu");
    expect([...all.webhooks.keys()]).toEqual(["us", "eu"]);
    expect(() => all.forRegion("au")).toThrow(/"au" is not among.*us, eu/);
  });

  test.each<[string, Partial<AuditLogWebhooksConfig>, RegExp]>([
    ["no region", { regions: [] }, /No region was given/],
    ["regions that only Terraform knows", { regions: ["${var.region}"] }, /known at synth/],
    ["an override for a region that is not there", { overrides: { au: {} } }, /"au" is not among/],
  ])("refuses %s", (_, config, message) => {
    expect(() => stackWithWebhooks(config)).toThrow(message);
    expect(() => stackWithWebhooks(config)).toThrow("[audit/all]");
  });
});
