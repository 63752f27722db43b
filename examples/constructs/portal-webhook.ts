import { App, TerraformStack } from "cdktf";
import { Destination, KonnectAuditProvider, PortalWebhook } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const siem = new Destination(stack, "siem", {
  name: "siem",
  endpoint: "https://siem.example.com/audit-logs",
});
new PortalWebhook(stack, "developers", {
  region: "eu",
  portalId: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7",
  auditLogDestinationId: siem.id,
});

app.synth();
