import { TerraformVariable, Testing } from "cdktf";
import { beforeAll, describe, expect, test } from "vitest";
import {
  AuditLogDestination,
  AuditLogWebhook,
  AuditLogWebhooks,
  KonnectAuditProvider,
  Secret,
} from "../../src/index.js";
import { type AuditLogMatchers, auditLogMatchers, maskIds } from "../../src/testing/index.js";
import { newStack } from "../constructs/support.js";

declare module "vitest" {
  interface Matchers<T> extends AuditLogMatchers<T> {}
}

beforeAll(() => {
  expect.extend(auditLogMatchers);
});

function stackWithWebhooks() {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  new AuditLogWebhooks(stack, "all", {
    regions: ["us", "eu"],
    endpoint: "https://siem.example.com/audit",
    overrides: { eu: { logFormat: "json", gate: { carrier: "terraform_data" } } },
  });
  return stack;
}

describe("toHaveAuditLogWebhook", () => {
  test("finds a webhook by any of its arguments, in a stack and in its JSON", () => {
    const stack = stackWithWebhooks();
    expect(stack).toHaveAuditLogWebhook();
    expect(stack).toHaveAuditLogWebhook({ region: "eu", logFormat: "json" });
    expect(Testing.synth(stack)).toHaveAuditLogWebhook({ region: "us" });
  });

  test("wants all arguments in the same webhook", () => {
    expect(stackWithWebhooks()).not.toHaveAuditLogWebhook({ region: "us", logFormat: "json" });
    expect(newStack()).not.toHaveAuditLogWebhook();
  });

  test("knows what stands in for arguments that a webhook was not given", () => {
    expect(stackWithWebhooks()).toHaveAuditLogWebhook({
      ...{ region: "us", enabled: true, logFormat: "cef", skipSslVerification: false },
      onDestroy: "remove",
    });
    expect(stackWithWebhooks()).not.toHaveAuditLogWebhook({ enabled: false });
  });

  test("takes the test runner's own matchers, and shows them when they don't match", () => {
    const stack = stackWithWebhooks();
    const at = (host: string) => ({ endpoint: expect.stringContaining(host) });
    expect(stack).toHaveAuditLogWebhook(at("siem.example.com"));
    expect(stack).toHaveAuditLogWebhook({ region: expect.any(String), authorization: undefined });
    expect(() => expect(stack).toHaveAuditLogWebhook(at("splunk.example.com"))).toThrow(
      /"endpoint": "StringContaining splunk\.example\.com"/,
    );
  });

  test("finds the expression of a credential", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const endpoint = "https://siem.example.com/audit";
    const authorization = Secret.fromEnvironment("SIEM_TOKEN");
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization });
    expect(stack).toHaveAuditLogWebhook({ authorization: "${var.SIEM_TOKEN}" });
  });

  test("shows what is there when it fails", () => {
    expect(() => expect(stackWithWebhooks()).toHaveAuditLogWebhook({ region: "au" })).toThrow(
      /to have an audit-log webhook with\s+\{\s+"region": "au"[\s\S]*The nearest \(of 2\), of region "us"/,
    );
    expect(() => expect(stackWithWebhooks()).not.toHaveAuditLogWebhook()).toThrow(/not to have/);
  });

  test("shows the nearest webhook, and only what differs, as constructs spell it", () => {
    const expected = { region: "eu", logFormat: "json", skipSslVerification: true };
    const fails = () => expect(stackWithWebhooks()).toHaveAuditLogWebhook(expected);
    expect(fails).toThrow(/of region "eu", has\s+\{\s+"skipSslVerification": false\s+\}$/);
    expect(() => expect(newStack()).toHaveAuditLogWebhook()).toThrow(/It has none\.$/);
  });

  test("finds a webhook that is bound to a destination, with its connection", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const endpoint = "https://siem.example.com/audit";
    const destination = new AuditLogDestination(stack, "siem", { name: "siem", endpoint });
    destination.bindTo("us");
    destination.bindTo("eu", { enabled: false });
    expect(stack).toHaveAuditLogWebhook({ region: "us", endpoint, enabled: true });
    expect(stack).toHaveAuditLogWebhook({ region: "eu", enabled: false, logFormat: "cef" });
    expect(stack).not.toHaveAuditLogWebhook({ region: "us", endpoint: "https://b.example.com/" });
  });

  test("refuses a property that no webhook has, with not too", () => {
    const mistaken = { regon: "eu" } as object;
    const stack = stackWithWebhooks();
    expect(() => expect(stack).toHaveAuditLogWebhook(mistaken)).toThrow(/no "regon".*region/);
    expect(() => expect(stack).not.toHaveAuditLogWebhook(mistaken)).toThrow(/no "regon"/);
    expect(() => expect(stack).not.toHaveDeliveryGate(mistaken)).toThrow(/no "regon"/);
  });

  test("says what it takes", () => {
    expect(() => expect(42).toHaveAuditLogWebhook()).toThrow(/Expected a TerraformStack/);
  });
});

describe("toHaveDeliveryGate", () => {
  test("finds a gate, and that of a region", () => {
    expect(stackWithWebhooks()).toHaveDeliveryGate();
    expect(stackWithWebhooks()).toHaveDeliveryGate({ region: "eu" });
    expect(stackWithWebhooks()).not.toHaveDeliveryGate({ region: "us" });
    expect(newStack()).not.toHaveDeliveryGate();
  });

  test("finds the gate of a region that only Terraform knows", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const region = new TerraformVariable(stack, "region", {}).stringValue;
    const endpoint = "https://siem.example.com/audit";
    new AuditLogWebhook(stack, "eu", { region, endpoint, gate: true });
    expect(stack).toHaveDeliveryGate({ region: "${var.region}" });
  });

  test("names the regions that have one when it fails", () => {
    expect(() => expect(stackWithWebhooks()).toHaveDeliveryGate({ region: "us" })).toThrow(
      /for region "us".*there for: eu/,
    );
  });

  test("takes no preflight for a gate", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const gate = { preflight: true, carrier: "terraform_data" } as const;
    const authorization = Secret.fromEnvironment("SIEM_TOKEN");
    const endpoint = "https://siem.example.com/audit";
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization, gate });
    expect(() => expect(stack).toHaveDeliveryGate({ region: "us" })).toThrow(
      "Gates are there for: eu.",
    );
  });
});

describe("maskIds", () => {
  test("makes snapshots independent of hashes and of the provider's version", () => {
    const json = Testing.synth(stackWithWebhooks());
    expect(maskIds.test(json)).toBe(true);
    const masked = maskIds.serialize(json);
    expect(masked).toContain('"all_eu_webhook_<id>"');
    expect(masked).toContain("konnectaudit_webhook.all_eu_webhook_<id>.revision");
    expect(masked).toContain('"version": "<version>"');
    expect(masked).not.toMatch(/_[0-9A-F]{8}\b/);
  });

  test("leaves other snapshots alone", () => {
    expect(
      ["text", 42, { konnectaudit: 1 }, '{ "a": 1 }'].some((value) => maskIds.test(value)),
    ).toBe(false);
  });
});
