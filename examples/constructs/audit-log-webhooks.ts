import { App, TerraformStack } from "cdktf";
import { AuditLogWebhooks, KonnectAuditProvider, Secret } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const webhooks = new AuditLogWebhooks(stack, "audit", {
  regions: ["us", "eu", "au"],
  endpoint: "https://siem.example.com/audit-logs",
  authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer "),
  logFormat: "json",
  gate: { within: "3m" },
  overrides: { au: { enabled: false } },
});
webhooks.forRegion("eu").resource.addOverride("lifecycle.prevent_destroy", true);

app.synth();
