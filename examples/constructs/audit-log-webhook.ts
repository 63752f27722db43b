import { App, TerraformStack } from "cdktf";
import { AuditLogWebhook, KonnectAuditProvider, Secret, Siem } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

new AuditLogWebhook(stack, "eu", {
  region: "eu",
  siem: Siem.splunk({
    host: "splunk.example.com",
    token: Secret.fromEnvironment("SPLUNK_HEC_TOKEN"), // a deploy reads TF_VAR_SPLUNK_HEC_TOKEN
  }),
  gate: true, // fails a deploy when events don't arrive
});

app.synth();
