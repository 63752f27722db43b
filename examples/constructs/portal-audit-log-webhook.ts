import { App, TerraformStack } from "cdktf";
import {
  AuditLogDestination,
  KonnectAuditProvider,
  PortalAuditLogWebhook,
  Secret,
} from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const destination = new AuditLogDestination(stack, "siem", {
  name: "siem",
  endpoint: "https://siem.example.com/audit-logs",
  authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
});
new PortalAuditLogWebhook(stack, "developers", {
  region: "eu",
  portalId: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7",
  destination,
});

app.synth();
