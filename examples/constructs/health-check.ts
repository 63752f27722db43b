import { App, TerraformStack } from "cdktf";
import { HealthCheck, KonnectAuditProvider, Webhook } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const webhook = new Webhook(stack, "eu", {
  region: "eu",
  endpoint: "https://siem.example.com/audit-logs",
});
new HealthCheck(stack, "health", { webhook });

app.synth();
