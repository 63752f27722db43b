import { type App, TerraformStack } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  AuditLogWebhook,
  KonnectAuditProvider,
  type KonnectAuditProviderConfig,
  Secret,
} from "../../src/constructs/index.js";
import { newStack, synthesizeToDisk } from "./support.js";

/** Warnings of the stack "audit", which comes after another of the same app. */
function warningsOf(
  first: { region: string; config: KonnectAuditProviderConfig },
  second: { region: string; config: KonnectAuditProviderConfig },
): string[] {
  const later = newStack();
  const earlier = new TerraformStack(later.node.root as App, "other");
  for (const [stack, { region, config }] of [
    [earlier, first],
    [later, second],
  ] as const) {
    new KonnectAuditProvider(stack, "konnect", config);
    const endpoint = "https://siem.example.com/in";
    new AuditLogWebhook(stack, "webhook", { region, endpoint, healthCheck: false });
  }
  return synthesizeToDisk(later)
    .annotations.map(({ message }) => message)
    .filter((message) => message.includes("WEBHOOK_TWICE"));
}

const token = (name: string) => ({ personalAccessToken: Secret.fromEnvironment(name) });

describe("One region in two stacks of an app", () => {
  test.each([
    ["the environment's token", {}, {}],
    ["the same secret", token("KONNECT"), token("KONNECT")],
  ])("is warned of where both use %s", (_, first, second) => {
    const warnings = warningsOf({ region: "eu", config: first }, { region: "eu", config: second });
    expect(warnings).toEqual([expect.stringMatching(/another stack, at other\/webhook\/webhook/)]);
  });

  test.each([
    ["another token", "eu", token("ONE"), token("TWO")],
    ["another server", "eu", {}, { serverUrl: "https://{region}.konnect.example.com" }],
    ["another region", "us", {}, {}],
  ] as const)("is nothing to warn of with %s", (_, region, first, second) => {
    expect(warningsOf({ region, config: first }, { region: "eu", config: second })).toEqual([]);
  });
});
