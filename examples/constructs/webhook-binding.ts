import { App, TerraformStack } from "cdktf";
import { DataKonnectauditDestinations, KonnectAuditProvider, WebhookBinding } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

// A destination that another team manages, by its name.
const found = new DataKonnectauditDestinations(stack, "splunk", { name: "splunk" });
new WebhookBinding(stack, "eu", {
  region: "eu",
  auditLogDestinationId: found.destinations.get(0).id,
});

app.synth();
