import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataKonnectauditWebhookStatus, KonnectAuditProvider } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const status = new DataKonnectauditWebhookStatus(stack, "eu", { region: "eu" });
new TerraformOutput(stack, "healthy", { value: status.healthy });

app.synth();
