import { App, TerraformStack } from "cdktf";
import { KonnectAuditProvider, Secret, Webhook } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

new Webhook(stack, "eu", {
  region: "eu",
  endpoint: "https://siem.example.com/audit-logs",
  authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
  logFormat: "json",
  onDestroy: "retain",
});

app.synth();
