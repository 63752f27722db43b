import { App, TerraformStack } from "cdktf";
import { KonnectAuditProvider, ReplayJob } from "konnect-audit";

const app = new App();
const stack = new TerraformStack(app, "audit");
new KonnectAuditProvider(stack, "konnect");

// What an outage of the SIEM lost; at most seven days back.
new ReplayJob(stack, "outage", {
  region: "eu",
  startAt: "2026-11-20T08:00:00Z",
  endAt: "2026-11-20T10:30:00Z",
  wait: true,
});

app.synth();
