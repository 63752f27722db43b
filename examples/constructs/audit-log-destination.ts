import { App, TerraformStack } from "cdktf";
import { AuditLogDestination, KonnectAuditProvider, Secret, Siem } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

// Endpoint and credential once, whatever the number of regions and Dev Portals.
const dynatrace = new AuditLogDestination(stack, "dynatrace", {
  name: "dynatrace",
  siem: Siem.dynatrace({
    host: "abc12345.live.dynatrace.com",
    token: Secret.fromEnvironment("DYNATRACE_TOKEN"),
  }),
});
dynatrace.bindTo("us");
dynatrace.bindTo("eu", { gate: { within: "3m" } });

app.synth();
