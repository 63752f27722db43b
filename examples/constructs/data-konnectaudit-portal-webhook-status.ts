import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataKonnectauditPortalWebhookStatus, KonnectAuditProvider } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const status = new DataKonnectauditPortalWebhookStatus(stack, "developers", {
  region: "eu",
  portalId: "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7",
});
new TerraformOutput(stack, "healthy", { value: status.healthy });

app.synth();
