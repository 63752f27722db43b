import { Aspects, type IAspect, type TerraformStack, TerraformVariable, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  AuditLogDestination,
  AuditLogWebhook,
  type AuditLogWebhookConfig,
  AuditLogWebhooks,
  allowEndpointHosts,
  forbidPausedWebhooks,
  forbidPlainSecrets,
  KonnectAuditProvider,
  requireEveryRegion,
  requireTlsVerification,
  requireVerifiedDelivery,
  Secret,
  Siem,
} from "../../src/index.js";
import { newStack, synthesizeToDisk } from "./support.js";

const endpoint = "https://siem.example.com/audit";
const gate = { carrier: "terraform_data" } as const;

function stackUnder(policy: IAspect) {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  Aspects.of(stack).add(policy);
  return stack;
}

/** Synthesizes one webhook under a policy. */
function synthesizeUnder(policy: IAspect, config: Partial<AuditLogWebhookConfig>) {
  const stack = stackUnder(policy);
  new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, ...config });
  return () => synthesizeToDisk(stack);
}

describe("requireTlsVerification", () => {
  test("fails synth at the webhook that skips it, with the fix", () => {
    expect(synthesizeUnder(requireTlsVerification(), { skipSslVerification: true })).toThrow(
      /\[audit\/eu\/webhook\] TLS verification has to stay on.*remove the setting/,
    );
    expect(
      synthesizeUnder(requireTlsVerification(), { skipSslVerification: "${var.skip}" as never }),
    ).toThrow(/not known at synth/);
  });

  test.each([{}, { skipSslVerification: false }])("passes %j", (config) => {
    expect(synthesizeUnder(requireTlsVerification(), config)).not.toThrow();
  });
});

describe("requireVerifiedDelivery", () => {
  test("fails synth at a webhook without a gate", () => {
    expect(synthesizeUnder(requireVerifiedDelivery(), {})).toThrow(
      /\[audit\/eu\/webhook\] Delivery has to be verified.*gate: true/,
    );
  });

  test.each<[string, Partial<AuditLogWebhookConfig>]>([
    ["a webhook with a gate", { gate }],
    ["a paused webhook", { enabled: false }],
  ])("passes %s", (_, config) => {
    expect(synthesizeUnder(requireVerifiedDelivery(), config)).not.toThrow();
  });

  test("takes no other webhook's gate for its own", () => {
    const stack = stackUnder(requireVerifiedDelivery());
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, gate });
    new AuditLogWebhook(stack, "us", { region: "us", endpoint });
    expect(() => synthesizeToDisk(stack)).toThrow("[audit/us/webhook]");
    expect(() => synthesizeToDisk(stack)).not.toThrow("[audit/eu/webhook]");
  });
});

describe("policies and paused webhooks", () => {
  const pausedStack = (...policies: IAspect[]) => {
    const stack = newStack();
    for (const policy of policies) Aspects.of(stack).add(policy);
    new KonnectAuditProvider(stack, "konnect");
    const overrides = { au: { enabled: false }, me: { enabled: false } };
    new AuditLogWebhooks(stack, "all", { regions: ["us", "au", "me"], endpoint, gate, overrides });
    return stack;
  };

  test("forbidPausedWebhooks fails synth, once for all of them", () => {
    const synth = () => synthesizeToDisk(pausedStack(forbidPausedWebhooks()));
    expect(synth).toThrow(/\] au, me: The webhook is paused.*POLICY_VIOLATED/);
    expect(synthesizeUnder(forbidPausedWebhooks(), {})).not.toThrow();
  });

  test.each([
    ["requireEveryRegion", () => requireEveryRegion(["us", "au", "me"])],
    ["requireVerifiedDelivery", () => requireVerifiedDelivery()],
  ])("%s names those that it lets pass", (name, policy) => {
    const { annotations } = synthesizeToDisk(pausedStack(policy()));
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^au, me: The webhook is paused: ${name}.*WEBHOOK_PAUSED`)),
    ]);
  });
});

describe("a violation", () => {
  test("is told once for all that are alike, without a stack trace", () => {
    const stack = stackUnder(requireVerifiedDelivery());
    new AuditLogWebhooks(stack, "all", { regions: ["us", "eu", "au", "me"], endpoint });
    const told = () => synthesizeToDisk(stack);
    expect(told).toThrow(/\[audit\/all\/us\/webhook\] us, eu, au, me: Delivery has to be verified/);
    const entries = stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === "@cdktf/error");
    expect(entries).toHaveLength(1);
    expect(entries[0]?.trace).toBeUndefined();
  });
});

describe("requireEveryRegion", () => {
  test("names the regions that have no webhook", () => {
    const stack = stackUnder(requireEveryRegion());
    new AuditLogWebhooks(stack, "some", { regions: ["us", "eu", "au", "me"], endpoint });
    expect(() => synthesizeToDisk(stack)).toThrow(/\[audit\] .*in, sg have none/);
  });

  test("passes when all are there", () => {
    const stack = stackUnder(requireEveryRegion(["us", "eu"]));
    new AuditLogWebhooks(stack, "all", { regions: ["us", "eu"], endpoint });
    expect(() => synthesizeToDisk(stack)).not.toThrow();
  });

  test("looks at each organisation by itself, and at a stack without any webhook", () => {
    const stack = stackUnder(requireEveryRegion(["us", "eu"]));
    const acme = new KonnectAuditProvider(stack, "acme", { alias: "acme" });
    new AuditLogWebhooks(stack, "all", { regions: ["us", "eu"], endpoint });
    new AuditLogWebhooks(stack, "acmes", { regions: ["us"], endpoint, provider: acme });
    expect(() => synthesizeToDisk(stack)).toThrow(/the provider "acme".*eu has none/);
    expect(() => synthesizeToDisk(stackUnder(requireEveryRegion(["us"])))).toThrow(/us has none/);
  });
});

describe("allowEndpointHosts", () => {
  test("fails synth when events would go elsewhere", () => {
    const policy = allowEndpointHosts(["siem.example.com", "*.splunkcloud.com"]);
    const elsewhere = { endpoint: "https://evil.example.net/?key=planted" };
    expect(synthesizeUnder(policy, elsewhere)).toThrow(
      /\[audit\/eu\/webhook\].*siem\.example\.com.*host is evil\.example\.net/,
    );
    expect(synthesizeUnder(policy, elsewhere)).not.toThrow("planted");
    expect(synthesizeUnder(policy, { endpoint: "https://splunkcloud.com" })).toThrow();
    expect(synthesizeUnder(policy, { endpoint: "https://${var.host}/x" })).toThrow(
      /not known at synth/,
    );
  });

  test.each([
    "https://siem.example.com/a",
    "https://x.y.splunkcloud.com",
    "https://siem.example.com/${var.path}",
  ])("passes %s", (allowed) => {
    const policy = allowEndpointHosts(["siem.example.com", "*.splunkcloud.com"]);
    expect(synthesizeUnder(policy, { endpoint: allowed })).not.toThrow();
  });

  test("knows the host that a preset has put before a secret, and none of a URL that is all secret", () => {
    const stack = stackUnder(allowEndpointHosts(["*.datadoghq.eu"]));
    const apiKey = Secret.fromEnvironment("DATADOG_API_KEY");
    new AuditLogWebhook(stack, "eu", {
      region: "eu",
      siem: Siem.datadog({ apiKey, site: "datadoghq.eu" }),
    });
    expect(() => synthesizeToDisk(stack)).not.toThrow();
    new AuditLogWebhook(stack, "us", { region: "us", siem: Siem.datadog({ apiKey }) });
    expect(() => synthesizeToDisk(stack)).toThrow(/host is http-intake\.logs\.datadoghq\.com/);
    const url = Secret.fromEnvironment("SUMO_LOGIC_URL");
    new AuditLogWebhook(stack, "au", { region: "au", siem: Siem.sumoLogic({ url }) });
    expect(() => synthesizeToDisk(stack)).toThrow(/\[audit\/au\/webhook\].*not known at synth/);
  });
});

describe("forbidPlainSecrets", () => {
  test("finds a credential that an escape hatch wrote, without showing it", () => {
    const stack = stackUnder(forbidPlainSecrets());
    const webhook = new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
    webhook.resource.addOverride("authorization", "Bearer planted");
    expect(() => synthesizeToDisk(stack)).toThrow(
      /\[audit\/eu\/webhook\] authorization is written out/,
    );
    expect(() => synthesizeToDisk(stack)).not.toThrow("planted");
  });

  test("finds a token that an escape hatch gave a provider", () => {
    const stack = newStack();
    Aspects.of(stack).add(forbidPlainSecrets());
    new KonnectAuditProvider(stack, "konnect").addOverride("personal_access_token", "kpat_planted");
    expect(() => synthesizeToDisk(stack)).toThrow(/personal_access_token is written out/);
  });

  test.each<[string, object, RegExp]>([
    ["has a default value", { default: "planted" }, /has a default value/],
    ["is not ephemeral", { sensitive: true }, /not ephemeral/],
  ])("finds a variable that %s", (_, config, message) => {
    const stack = stackUnder(forbidPlainSecrets());
    const authorization = Secret.fromVariable(new TerraformVariable(stack, "token", config));
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization });
    expect(() => synthesizeToDisk(stack)).toThrow(message);
    expect(() => synthesizeToDisk(stack)).not.toThrow("planted");
  });

  test("passes secrets from the environment", () => {
    const authorization = Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer ");
    expect(synthesizeUnder(forbidPlainSecrets(), { authorization })).not.toThrow();
  });
});

/** What a review shows of a stack's policies. */
function noted(stack: TerraformStack) {
  const json = JSON.parse(JSON.stringify(stack.toTerraform()));
  return json["//"].konnectAudit?.policies;
}

describe("The note of a policy in the stack's JSON", () => {
  test("is its name with its parameters, beside cdktf's own metadata", () => {
    const stack = stackUnder(requireEveryRegion(["us", "eu"]));
    for (const policy of [
      requireTlsVerification(),
      requireVerifiedDelivery(),
      forbidPlainSecrets(),
      allowEndpointHosts(["siem.example.com", "*.example.org"]),
    ]) {
      Aspects.of(stack).add(policy);
    }
    new AuditLogWebhooks(stack, "all", { regions: ["us", "eu"], endpoint, gate });
    const { json } = synthesizeToDisk(stack);
    expect(json["//"]).toMatchObject({
      metadata: { stackName: "audit" },
      konnectAudit: {
        policies: {
          "requireEveryRegion(us, eu)": "holds",
          requireTlsVerification: "holds",
          requireVerifiedDelivery: "holds",
          forbidPlainSecrets: "holds",
          "allowEndpointHosts(siem.example.com, *.example.org)": "holds",
        },
      },
    });
  });

  test("says so when it is violated, or when nobody can know at synth", () => {
    const stack = stackUnder(requireEveryRegion(["us", "eu"]));
    const webhook = new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
    Aspects.of(stack).add(requireTlsVerification());
    expect(() => synthesizeToDisk(stack)).toThrow();
    expect(noted(stack)).toEqual({
      "requireEveryRegion(us, eu)": "violated",
      requireTlsVerification: "holds",
    });
    webhook.resource.addOverride("region", "${var.region}");
    webhook.resource.addOverride("skip_ssl_verification", true);
    expect(() => synthesizeToDisk(stack)).toThrow();
    expect(noted(stack)).toEqual({
      "requireEveryRegion(us, eu)": "not judged",
      requireTlsVerification: "violated",
    });
  });

  test("is not made for a policy that saw a part of the stack only, nor without any", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const webhook = new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
    Aspects.of(webhook).add(requireTlsVerification());
    synthesizeToDisk(stack);
    expect(noted(stack)).toBeUndefined();
  });

  test("is in no snapshot of a test", () => {
    const stack = stackUnder(requireTlsVerification());
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
    expect(Testing.synth(stack, true)).not.toContain("konnectAudit");
  });
});

describe("Every policy", () => {
  test.each<[string, IAspect, string, unknown, RegExp]>([
    ["requireTlsVerification", requireTlsVerification(), "skip_ssl_verification", true, /is true/],
    [
      "allowEndpointHosts",
      allowEndpointHosts(["siem.example.com"]),
      ...(["endpoint", "https://evil.example.net/", /host is evil\.example\.net/] as const),
    ],
    ["requireEveryRegion", requireEveryRegion(["eu"]), "region", "us", /eu has none/],
    ["requireVerifiedDelivery", requireVerifiedDelivery(), "enabled", true, /no DeliveryGate/],
  ])("%s sees what an escape hatch has put in place", (_, policy, argument, value, message) => {
    const stack = stackUnder(policy);
    const config = { region: "eu", endpoint, enabled: argument !== "enabled" };
    const webhook = new AuditLogWebhook(stack, "eu", { ...config, gate });
    expect(() => synthesizeToDisk(stack)).not.toThrow();
    webhook.resource.addOverride(argument, value);
    expect(() => synthesizeToDisk(stack)).toThrow(message);
  });

  test("holds for destinations and what is bound to them, too", () => {
    const stack = stackUnder(requireVerifiedDelivery());
    for (const policy of [
      requireTlsVerification(),
      requireEveryRegion(["us", "eu"]),
      allowEndpointHosts(["siem.example.com"]),
      forbidPlainSecrets(),
    ]) {
      Aspects.of(stack).add(policy);
    }
    const destination = new AuditLogDestination(stack, "siem", {
      name: "siem",
      endpoint: "https://evil.example.net",
      skipSslVerification: true,
    });
    destination.resource.addOverride("authorization", "Bearer planted");
    destination.bindTo("us");
    const synth = () => synthesizeToDisk(stack);
    expect(synth).toThrow(/\[audit\/siem\/destination\] TLS verification has to stay on/);
    expect(synth).toThrow(/\[audit\/siem\/destination\].*host is evil\.example\.net/);
    expect(synth).toThrow(/\[audit\/siem\/destination\] authorization is written out/);
    expect(synth).toThrow(/\[audit\/siem\/us\/binding\] Delivery has to be verified/);
    expect(synth).toThrow(/\[audit\] .*eu has none/);
  });
});
