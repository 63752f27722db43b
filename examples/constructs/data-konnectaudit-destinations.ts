import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataKonnectauditDestinations, KonnectAuditProvider } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

const splunk = new DataKonnectauditDestinations(stack, "splunk", { name: "splunk" });
new TerraformOutput(stack, "endpoint", { value: splunk.destinations.get(0).endpoint });

app.synth();
