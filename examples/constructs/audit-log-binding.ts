import { App, TerraformStack } from "cdktf";
import { AuditLogBinding, AuditLogDestination, KonnectAuditProvider, Secret } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const destination = new AuditLogDestination(stack, "siem", {
  name: "siem",
  endpoint: "https://siem.example.com/audit-logs",
  authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
});
// The same as destination.bindTo("eu", { existing: "import" }), with an id of its own.
new AuditLogBinding(stack, "europe", { region: "eu", destination, existing: "import" });

app.synth();
