import { App, TerraformStack } from "cdktf";
import { AuditLogWebhook, KonnectAuditProvider, Secret } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");

// The token comes from KONNECT_TOKEN or KONNECT_SPAT. One provider serves every region.
new KonnectAuditProvider(stack, "konnect");

// Another organisation is a provider with an alias, and a token of its own (TF_VAR_LABS_KONNECT_TOKEN).
const labs = new KonnectAuditProvider(stack, "labs", {
  alias: "labs",
  systemAccountAccessToken: Secret.fromEnvironment("LABS_KONNECT_TOKEN"),
});

const endpoint = "https://siem.example.com/audit-logs";
new AuditLogWebhook(stack, "eu", { region: "eu", endpoint });
new AuditLogWebhook(stack, "labs-eu", { region: "eu", endpoint, provider: labs });

app.synth();
