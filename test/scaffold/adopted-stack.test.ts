import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adoptedStack } from "../../src/scaffold/adopted-stack.js";
import type { FoundBinding, FoundDestination, FoundWebhook } from "../../src/scaffold/found.js";
import { Siem } from "../../src/siem/index.js";

function webhook(settings: Partial<FoundWebhook>): FoundWebhook {
  return {
    ...{ region: "eu", endpoint: "https://siem.example.com/in", enabled: true },
    ...{ logFormat: "json", skipSslVerification: false },
    ...settings,
  };
}

const nothingElse = { bindings: [], destinations: [], unconfigured: [], unavailable: [] };

function stackOf(...webhooks: FoundWebhook[]) {
  return adoptedStack({ webhooks, ...nothingElse });
}

const splunk = "https://splunk.example.com:8088/services/collector/raw";

describe("An adopted stack", () => {
  test("uses the preset of the service that the endpoint is of", () => {
    const { source, secrets } = stackOf(webhook({ endpoint: `${splunk}?index=a`, enabled: false }));
    expect(source).toContain(`    new AuditLogWebhook(this, "eu", {
      region: "eu",
      siem: Siem.splunk({
        host: "splunk.example.com",
        port: 8088,
        logFormat: "json",
        index: "a",
        token: Secret.fromEnvironment("SPLUNK_HEC_TOKEN"),
      }),
      enabled: false,
      existing: "import",
    });`);
    expect(secrets.map(({ variable }) => variable)).toEqual(["TF_VAR_SPLUNK_HEC_TOKEN"]);
  });

  test.each([
    ["https://abc.live.dynatrace.com/api/v2/logs/ingest", 'host: "abc.live.dynatrace.com"'],
    ["https://ingest.us.crowdstrike.com/services/x", "Siem.crowdStrike({"],
    ["https://collectors.sumologic.com/receiver/v1/http/code", "Siem.sumoLogic({"],
    [
      "https://http-intake.logs.datadoghq.eu/api/v2/logs?ddsource=konnect&dd-api-key=code",
      'site: "datadoghq.eu"',
    ],
  ])("knows %s", (endpoint, preset) => {
    expect(stackOf(webhook({ endpoint })).source).toContain(preset);
  });

  test.each([
    ["another path of Splunk", "https://splunk.example.com/services/collector", "json"],
    ["a format that the preset refuses", "https://a.dynatrace.com/api/v2/logs/ingest", "cps"],
  ] as const)(
    "keeps the endpoint as it is where no preset gives it: %s",
    (_, endpoint, logFormat) => {
      const { source } = stackOf(webhook({ endpoint, logFormat }));
      expect(source).toContain(`endpoint: "${endpoint}"`);
      expect(source).toContain(`logFormat: "${logFormat}"`);
      expect(source).not.toContain("Siem.");
    },
  );

  test("is one definition for regions with the same settings, and keeps the secrets of others apart", () => {
    const { source, secrets } = stackOf(
      webhook({ region: "us", endpoint: splunk }),
      webhook({ region: "eu", endpoint: splunk }),
      webhook({ region: "au", endpoint: splunk, enabled: false }),
    );
    expect(source).toContain('new AuditLogWebhooks(this, "us-eu", {\n      regions: ["us", "eu"],');
    expect(source).toContain('new AuditLogWebhook(this, "au", {');
    expect(secrets.map(({ variable }) => variable)).toEqual([
      "TF_VAR_SPLUNK_HEC_TOKEN_US_EU",
      "TF_VAR_SPLUNK_HEC_TOKEN_AU",
    ]);
  });

  test("has a destination once, imported by its id, and binds its regions to it", () => {
    const destination: FoundDestination = {
      ...{ id: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7", name: "Splunk (prod)", endpoint: splunk },
      ...{ logFormat: "json", skipSslVerification: true },
    };
    const bindings: FoundBinding[] = [
      { region: "eu", enabled: true, destinationId: destination.id },
      { region: "us", enabled: false, destinationId: destination.id },
    ];
    const organisation = {
      ...nothingElse,
      webhooks: [webhook({ region: "au", endpoint: splunk })],
    };
    const { source, secrets } = adoptedStack({
      ...organisation,
      ...{ bindings, destinations: [destination], unavailable: ["sg"] },
    });
    expect(source).toContain(`    const splunkProd = new AuditLogDestination(this, "splunk-prod", {
      name: "Splunk (prod)",
      siem: Siem.splunk({
        host: "splunk.example.com",
        port: 8088,
        logFormat: "json",
        token: Secret.fromEnvironment("SPLUNK_HEC_TOKEN_SPLUNK_PROD"),
      }),
      skipSslVerification: true,
      importId: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7",
    });
    splunkProd.bindTo("eu", { existing: "import" });
    splunkProd.bindTo("us", { enabled: false, existing: "import" });
    new AuditLogWebhook(this, "au", {`);
    expect(source).toContain(
      "import { AuditLogDestination, AuditLogWebhook, KonnectAuditProvider, Secret, Siem } from",
    );
    expect(source).toContain(" * Not open to the organisation, or to the token: sg.");
    expect(secrets.map(({ variable }) => variable)).toEqual([
      "TF_VAR_SPLUNK_HEC_TOKEN_SPLUNK_PROD",
      "TF_VAR_SPLUNK_HEC_TOKEN_AU",
    ]);
  });

  test("never holds an endpoint's query or a URL that is the credential", () => {
    const code = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/).map((text) => `planted${text}`);
    const endpoint = fc.oneof(
      code.map((secret) => [secret, `https://siem.example.com/in?key=${secret}`] as const),
      code.map((secret) => [secret, `https://x.sumologic.com/receiver/v1/http/${secret}`] as const),
      code.map((secret) => {
        const { endpoint: url } = Siem.datadog({ apiKey: secret });
        return [secret, typeof url === "string" ? url : url.before + url.credential] as const;
      }),
      code.map(
        (secret) =>
          [secret, `https://http-intake.logs.datadoghq.com/?dd-api-key=${secret}`] as const,
      ),
      code.map((secret) => [secret, `${splunk}?token=${secret}`] as const),
    );
    fc.assert(
      fc.property(endpoint, ([secret, url]) => {
        const { source, secrets } = stackOf(webhook({ endpoint: url }));
        expect(source).not.toContain(secret);
        expect(secrets.length).toBeGreaterThan(0);
      }),
    );
  });
});
