import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataKonnectauditJwks, KonnectAuditProvider } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const jwks = new DataKonnectauditJwks(stack, "eu", { region: "eu" });
new TerraformOutput(stack, "key", { value: jwks.keys.get(0).x });

app.synth();
