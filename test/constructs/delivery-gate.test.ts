import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider/index.js";
import { describe, expect, test } from "vitest";
import {
  AuditLogWebhook,
  DeliveryGate,
  type DeliveryGateOptions,
  KonnectAuditProvider,
  type KonnectAuditProviderConfig,
  Secret,
  Webhook,
} from "../../src/index.js";
import { newStack, only, synthesize, synthesizeToDisk } from "./support.js";

function stackWithGate(options: DeliveryGateOptions = {}, config?: KonnectAuditProviderConfig) {
  const stack = newStack();
  const endpoint = "https://siem.example.com/audit";
  const webhook = new Webhook(stack, "eu", { region: "eu", endpoint });
  new DeliveryGate(stack, "gate", { webhook, ...options });
  new KonnectAuditProvider(stack, "konnect", config);
  return stack;
}

function commandOf(stack: ReturnType<typeof stackWithGate>): string {
  const carrier = only(synthesize(stack), "resource", "terraform_data");
  const [provisioner] = carrier.provisioner as [{ "local-exec": { command: string } }];
  return provisioner["local-exec"].command;
}

const terraformData = { carrier: "terraform_data" } as const;

describe("DeliveryGate", () => {
  test("runs the verifier after each write of the webhook, carried by a null_resource", () => {
    const json = synthesize(stackWithGate());
    expect(only(json, "resource", "null_resource")).toEqual({
      depends_on: ["konnectaudit_webhook.eu"],
      triggers: { revision: "${konnectaudit_webhook.eu.revision}" },
      provisioner: [
        {
          "local-exec": {
            command: "node ${path.module}/konnect-audit/verify.cjs verify --region eu --brief",
          },
        },
      ],
    });
    expect(json.terraform?.required_providers?.null).toEqual({ source: "null", version: "3.2.4" });
  });

  test("needs no other provider when Terraform's own resource carries it", () => {
    const json = synthesize(stackWithGate(terraformData));
    expect(only(json, "resource", "terraform_data").triggers_replace).toEqual({
      revision: "${konnectaudit_webhook.eu.revision}",
    });
    expect(json.terraform?.required_providers).not.toHaveProperty("null");
  });

  test("asks for as much proof as its options say", () => {
    const receiver = "http://127.0.0.1:19090/it's here";
    const stack = stackWithGate({
      ...terraformData,
      ...{ within: "3m", evidence: "signature", receiver },
    });
    expect(commandOf(stack)).toContain(
      `verify --region eu --within 3m --evidence signature --receiver 'http://127.0.0.1:19090/it'\\''s here' --brief`,
    );
  });

  test("verifies at the server and with the token of the webhook's provider, naming no token", () => {
    const stack = stackWithGate(terraformData, {
      serverUrl: "http://127.0.0.1:8990/{region}",
      systemAccountAccessToken: Secret.fromEnvironment("ACME_KONNECT_TOKEN"),
    });
    expect(commandOf(stack)).toMatch(
      /^KONNECT_SERVER_URL='http:\/\/127\.0\.0\.1:8990\/\{region\}' KONNECT_TOKEN= KONNECT_SPAT= KONNECT_SPAT=\$TF_VAR_ACME_KONNECT_TOKEN node /,
    );
  });

  test("shares a null provider that the stack has, and refuses one that comes too late", () => {
    const stack = newStack();
    new NullProvider(stack, "null");
    const webhook = new Webhook(stack, "eu", { region: "eu", endpoint: "https://a.example.com" });
    new DeliveryGate(stack, "gate", { webhook });
    new KonnectAuditProvider(stack, "konnect");
    expect(synthesize(stack).provider?.null).toEqual([{}]);

    const late = stackWithGate();
    new NullProvider(late, "null");
    expect(() => synthesize(late)).toThrow(
      /\[audit\/konnect-audit\].*audit\/null.*before the first/,
    );
  });

  test("is left out while its webhook is paused, and comes with its return", () => {
    const endpoint = "https://siem.example.com/audit";
    const gated = (enabled: boolean) =>
      new AuditLogWebhook(newStack(), "eu", { region: "eu", endpoint, enabled, gate: true }).gate;
    expect(gated(false)).toBeUndefined();
    expect(gated(true)).toBeDefined();
  });

  test("writes the verifier into the stack's folder, where the command finds it", () => {
    const { folder } = synthesizeToDisk(stackWithGate(terraformData));
    expect(readFileSync(join(folder, "konnect-audit/verify.cjs"), "utf8")).toBe(
      "// the verifier\n",
    );
  });

  test("writes nothing when a user's test synthesizes in memory", () => {
    const stack = stackWithGate(terraformData);
    synthesize(stack);
    const { outdir } = stack.node.root as unknown as { outdir: string };
    expect(existsSync(join(outdir, "stacks/audit/konnect-audit"))).toBe(false);
  });
});
