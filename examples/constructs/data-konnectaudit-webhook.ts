import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataKonnectauditWebhook, KonnectAuditProvider } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const webhook = new DataKonnectauditWebhook(stack, "eu", { region: "eu" });
new TerraformOutput(stack, "endpoint", { value: webhook.endpoint });

app.synth();
