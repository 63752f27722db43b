import { App, TerraformStack } from "cdktf";
import { DeliveryGate, KonnectAuditProvider, Webhook } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const webhook = new Webhook(stack, "eu", {
  region: "eu",
  endpoint: "https://siem.example.com/audit-logs",
});
// terraform_data is Terraform's own resource: no further provider is needed.
new DeliveryGate(stack, "gate", { webhook, within: "2m", carrier: "terraform_data" });

app.synth();
