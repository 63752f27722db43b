import type { PlanJson } from "../../src/gitops/plan-json.js";
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
