import { describe, expect, test } from "vitest";
import { checkEndpoint, maskEndpoint } from "../../src/konnect/endpoint.js";
import { isSecretEndpoint } from "../../src/konnect/secret-endpoint.js";

describe("a webhook's endpoint", () => {
  test.each([
    "HTTPS://SIEM.EXAMPLE.COM/in",
    "https://siem.example.com",
    "https://siem.example.com/in?a=%20#b",
    "http://LOCALHOST:9000",
    "http://127.1.2.3/in",
  ])("%s is accepted", (endpoint) => {
    expect(checkEndpoint(endpoint)).toBeUndefined();
  });

  test.each([
    ["https://siem.example.com/a\u0001b", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/a\u007fb", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/a\u00a0b", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/a\u2028b", "ENDPOINT_HOLDS_BLANKS"],
    ["https://siem.example.com/a\\b", "ENDPOINT_HOLDS_BLANKS"],
    ["https://", "ENDPOINT_NOT_A_URL"],
    ["https://siem.example.com:99999/", "ENDPOINT_NOT_A_URL"],
    ["https://[::1/in", "ENDPOINT_NOT_A_URL"],
    ["//siem.example.com/in", "ENDPOINT_NOT_A_URL"],
    ["mailto:audit@https://siem.example.com", "ENDPOINT_NOT_A_URL"],
    ["data:text/plain,x", "ENDPOINT_NOT_A_URL"],
    ["git+ssh-2.x://siem.example.com/in", "ENDPOINT_NOT_HTTPS"],
    ["http://localhost.example.com/in", "ENDPOINT_NOT_HTTPS"],
    ["ftp://localhost/in", "ENDPOINT_NOT_HTTPS"],
    ["wss://siem.example.com/in", "ENDPOINT_NOT_HTTPS"],
    ["https://user@siem.example.com", "ENDPOINT_USERINFO"],
    ["https://:pass@siem.example.com", "ENDPOINT_USERINFO"],
    ["http://user@127.0.0.1", "ENDPOINT_USERINFO"],
  ])("%j is refused as %s", (endpoint, code) => {
    expect(checkEndpoint(endpoint)?.code).toBe(code);
  });

  test.each([
    ["https://siem.example.com/planted logs", /blank.*line break.*encode/],
    ["siem.example.com/planted", /absolute URL such as https:\/\/\S+/],
    ["https://planted@siem.example.com", /user name or password.*`authorization`/],
    ["http://siem.example.com/planted", /https:\/\/.*loopback/],
  ])(
    "that is refused (%s) is told what is wrong and how to mend it, and not repeated",
    (endpoint, message) => {
      expect(checkEndpoint(endpoint)?.message).toMatch(message);
      expect(checkEndpoint(endpoint)?.message).not.toContain("planted");
    },
  );
});

describe("an endpoint that is itself the credential", () => {
  test.each([
    "https://endpoint4.collection.sumologic.com/receiver/v1/http/x",
    "https://collectors.sumologic.com/x",
    "https://http-intake.logs.datadoghq.com/api/v2/logs",
    "https://http-intake.logs.us5.datadoghq.com/v1/input",
    "https://eu.webhook.logs.insight.rapid7.com/v1/noformat/x",
    "https://logs.insight.rapid7.com/x",
    "https://logs-01.loggly.com/inputs/x",
    "https://loggly.com/inputs/x",
    "https://hooks.slack.com/services/x",
    "https://hooks.slack-gov.com/services/x",
    "https://hooks.zapier.com/hooks/catch/x",
    "https://contoso.webhook.office.com/webhookb2/x",
    "https://discord.com/api/webhooks/x",
    "https://discordapp.com/api/webhooks/x",
  ])("is known by its host: %s", (endpoint) => {
    expect(isSecretEndpoint(endpoint)).toBe(true);
  });

  test.each([
    "https://sumologic.com.example/x",
    "https://a.sumologic.com.example/x",
    "https://asumologic.com/x",
    "https://proxy.http-intake.logs.example/x",
    "https://http-intake.example/x",
    "https://mylogs.insight.rapid7.com/x",
    "https://logs.insight.rapid7.com.example/x",
    "https://notloggly.com/x",
    "https://loggly.com.example/x",
    "https://myhooks.slack.com/x",
    "https://hooks.slack.com.example/x",
    "https://hooks.example.com/x",
    "https://a.webhook.office.com.example/x",
    "https://webhook-office.com/x",
    "https://mydiscord.com/x",
    "https://discord.com.example/x",
    "https://discordapps.com/x",
    "hooks.slack.com",
  ])("is none at a host that only resembles one: %s", (endpoint) => {
    expect(isSecretEndpoint(endpoint)).toBe(false);
  });

  test.each([
    ["https://a.sumologic.com/receiver/v1/http/planted", "/receiver/v1/http/***"],
    ["https://a.sumologic.com/http/planted", "/http/***"],
    ["https://a.sumologic.com/receiver/v1/planted", "/***"],
    ["https://a.sumologic.com/planted/receiver/v1/http/x", "/***"],
    ["https://a.sumologic.com/planted/http/x", "/***"],
    ["https://a.sumologic.com/httpplanted", "/***"],
    ["https://http-intake.logs.datadoghq.com/api/v2/logs", "/api/v2/logs"],
    ["https://http-intake.logs.datadoghq.com/v1/input", "/v1/input"],
    ["https://http-intake.logs.datadoghq.com/v1/input/planted", "/***"],
    ["https://http-intake.logs.datadoghq.com/api/v2/logs/planted", "/***"],
    ["https://http-intake.logs.datadoghq.com/planted/v1/input", "/***"],
    ["https://http-intake.logs.datadoghq.com/planted/api/v2/logs", "/***"],
    ["https://a.logs.insight.rapid7.com/v1/noformat/planted", "/v1/noformat/***"],
    ["https://a.logs.insight.rapid7.com/v1/structured/planted", "/v1/structured/***"],
    ["https://a.logs.insight.rapid7.com/v1/planted", "/v1/***"],
    ["https://a.logs.insight.rapid7.com/v1//planted", "/v1//***"],
    ["https://a.logs.insight.rapid7.com/planted/v1/noformat/x", "/***"],
    ["https://a.logs.insight.rapid7.com/vplanted/noformat/x", "/***"],
    ["https://logs-01.loggly.com/bulk/planted", "/bulk/***"],
    ["https://logs-01.loggly.com/inputs/planted/tag/x", "/inputs/***"],
    ["https://logs-01.loggly.com/planted/inputs/x", "/***"],
    ["https://logs-01.loggly.com/bulkplanted", "/***"],
    ["https://hooks.slack.com/services/T0/B0/planted", "/services/***"],
    ["https://hooks.zapier.com/hooks/catch/1/planted/", "/hooks/catch/***"],
    ["https://a.webhook.office.com/webhookb2/planted@x/IncomingWebhook/y", "/webhookb2/***"],
    ["https://discord.com/api/webhooks/1/planted", "/api/webhooks/***"],
    ["https://hooks.slack.com/planted/services/x", "/***"],
    ["https://hooks.slack.com/servicesplanted", "/***"],
    ["https://hooks.slack.com/", "/"],
    ["https://hooks.slack.com/services/", "/services/"],
  ])("is shown up to where the secret begins: %s", (endpoint, path) => {
    expect(maskEndpoint(endpoint)).toBe(`${new URL(endpoint).origin}${path}`);
  });
});

describe("an endpoint at a host that is named for webhooks", () => {
  test.each(["hook", "hooks", "webhook", "webhooks", "web-hook", "web-hooks"])(
    "is masked, and may have a credential besides: %s",
    (name) => {
      const origin = `https://${name}.example.com`;
      expect(maskEndpoint(`${origin}/in/planted`)).toBe(`${origin}/***`);
      expect(maskEndpoint(`${origin}/services/planted`)).toBe(`${origin}/services/***`);
      expect(isSecretEndpoint(`${origin}/in/planted`)).toBe(false);
    },
  );

  test.each(["my-hooks", "hooksx", "web--hook", "wweb-hook", "a.hooks", "siem"])(
    "is one like others where only a part of it is such a name: %s",
    (name) => {
      const endpoint = `https://${name}.example.com/in/events`;
      expect(maskEndpoint(endpoint)).toBe(endpoint);
    },
  );
});
