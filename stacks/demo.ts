import { type App, LocalBackend, TerraformStack } from "cdktf";
import { AuditLogWebhooks, KonnectAuditProvider, Secret, Siem } from "konnect-audit";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Three regions on the emulator, delivering to `konnect-audit listen`.
 *
 * `npm run demo` sets the environment: KONNECT_SERVER_URL (the emulator), KONNECT_AUDIT_DEMO_RECEIVER (URL of the receiver),
 * and for a deploy TF_VAR_DEMO_SIEM_TOKEN (what the receiver wants after "Bearer ").
 */
export function addDemo(app: App, env: Environment): void {
  const stack = new TerraformStack(app, "demo");
  // Given here and not only in the environment, so that this stack can never reach the real Konnect.
  const serverUrl = loopbackUrl(env, "KONNECT_SERVER_URL");
  const receiver = loopbackUrl(env, "KONNECT_AUDIT_DEMO_RECEIVER");

  new LocalBackend(stack, { path: "terraform.tfstate" }); // in the stack's own folder
  new KonnectAuditProvider(stack, "konnect", { serverUrl });
  new AuditLogWebhooks(stack, "audit", {
    regions: ["us", "eu", "au"],
    siem: Siem.generic({
      endpoint: receiver,
      token: Secret.fromEnvironment("DEMO_SIEM_TOKEN"),
      logFormat: "json",
    }),
    gate: { carrier: "terraform_data", receiver, evidence: "signature", within: "30s" },
  });
}

function loopbackUrl(env: Environment, name: string): string {
  const value = env[name];
  const host = value && URL.canParse(value) ? new URL(value).hostname : "";
  if (value && ["127.0.0.1", "localhost", "[::1]"].includes(host)) return value;
  throw new Error(
    `The demo needs ${name}, a URL on this machine; it is ${value ? `"${value}"` : "not set"}. \`npm run demo\` sets it.`,
  );
}
