import { App, TerraformStack } from "cdktf";
import { Destination, KonnectAuditProvider, Secret } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

new Destination(stack, "splunk", {
  name: "splunk",
  endpoint: "https://splunk.example.com:8088/services/collector/raw",
  authorization: Secret.fromEnvironment("SPLUNK_AUTHORIZATION"),
  logFormat: "json",
});

app.synth();
