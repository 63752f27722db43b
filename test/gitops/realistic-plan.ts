import type { PlanJson } from "../../src/gitops/plan-json.js";
import type { Synthesis } from "../../src/gitops/synthesis.js";
import { uncleaned } from "./raw-text.js";
import { samplePlan, sampleUpdate, sampleWebhook } from "./sample-plan.js";

/** A plan as a reviewer meets it: each region changes in another way, and one change sets drift back. */
export function realisticPlan(): PlanJson {
  const { endpoint } = sampleWebhook;
  const au = { ...sampleWebhook, region: "au", log_format: "cps" };
  const drift = samplePlan([
    { actions: ["update"], before: { ...au, log_format: "cef" }, after: au },
  ]);
  const [changed] = drift.resource_changes;
  const plan = samplePlan([
    { actions: ["delete"], before: { ...sampleWebhook, region: "us" } },
    sampleUpdate(
      { endpoint: endpoint.replace("siem.", "new-siem.") },
      { authorization_revision: true },
    ),
    {
      ...sampleUpdate({ region: "au", enabled: false, log_format: "json" }),
      before: au,
    },
    {
      actions: ["create"],
      after: { ...sampleWebhook, region: "sg", revision: undefined },
      after_unknown: { authorization_revision: true, revision: true },
    },
    {
      type: "null_resource",
      actions: ["create", "delete"],
      before: { triggers: { revision: "r1" } },
    },
  ]);
  const address = plan.resource_changes[2]?.address ?? "";
  return { ...plan, resource_drift: changed ? [{ ...changed, address }] : [] };
}

/** The synthesis that it was made from. */
export const realisticSynthesis = uncleaned<Synthesis>({
  policies: [
    "requireEveryRegion(us, eu, au, sg)",
    "requireTlsVerification",
    "allowEndpointHosts(*.example.com)",
  ].map((policy) => ({ policy, result: "holds" })),
  warnings: [
    {
      path: "audit-example/audit",
      text: "The environment has SIEM_TOKEN, but Terraform reads the secret from TF_VAR_SIEM_TOKEN, which is not set.",
    },
  ],
  errors: [],
});
