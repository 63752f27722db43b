import { runsVerifier } from "../core/verifier-command.js";
import { addressInCode, moduleOf, resourceInCode } from "./configuration.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";
import {
  anyTrue,
  asObject,
  isOurs,
  isReplacement,
  isWrite,
  priorResources,
  regionOf,
  regionOfChange,
} from "./resource-changes.js";

const gateTypes = new Set(["null_resource", "terraform_data"]);

/** The argument that holds the triggers, by the resource's type. */
const triggersOf: Readonly<Record<string, string>> = {
  null_resource: "triggers",
  terraform_data: "triggers_replace",
};

/**
 * True if the resource is a delivery gate: it runs the verifier again with each `revision` of a webhook.
 *
 * Others use the same resource types, with a `revision` of their own among the triggers, so both the trigger and the command
 * have to be ours. Of a gate that the code no longer has, only the trigger is left: then its value has to be a revision that
 * one of the plan's webhooks has or had.
 */
export function isGate(entry: ResourceChange, plan: PlanJson): boolean {
  if (entry.mode !== "managed" || !gateTypes.has(entry.type)) return false;
  if (!hasRevisionTrigger(entry)) return false;
  const code = resourceInCode(plan, entry.address);
  if (!code) return isOwnRevision(entry, plan);
  if (!code.commands.some((command) => command === undefined || runsVerifier(command))) {
    return false;
  }
  const references = code.references(triggersOf[entry.type] ?? "");
  if (references.some(isRevisionOfOurs)) return true;
  // Handed into a module, or by way of a local value: its value tells.
  return references.some((name) => /^(?:var|local|module|each)\./.test(name))
    ? isOwnRevision(entry, plan)
    : false;
}

/** True if the gate's verification failed at the last apply: Terraform has tainted it. */
export function isFailedGate(entry: ResourceChange, plan: PlanJson): boolean {
  return entry.action_reason === "replace_because_tainted" && isGate(entry, plan);
}

/** True if the gate only runs again because its webhook is written. */
export function followsWebhook(entry: ResourceChange, plan: PlanJson): boolean {
  return (
    isReplacement(entry) &&
    isGate(entry, plan) &&
    !isFailedGate(entry, plan) &&
    plan.resource_changes.some((other) => isOurs(other) && isWrite(other))
  );
}

/** True if the plan ends the gate, and makes no other in its place. */
export function isRemovedGate(entry: ResourceChange, plan: PlanJson): boolean {
  const { actions } = entry.change;
  return (
    (actions.includes("delete") || actions.includes("forget")) &&
    !actions.includes("create") &&
    isGate(entry, plan)
  );
}

/** The region whose deliveries the gate proves; `undefined` when the plan does not show it. */
export function regionOfGate(entry: ResourceChange, plan: PlanJson): string | undefined {
  const code = resourceInCode(plan, entry.address);
  const references = code?.references(triggersOf[entry.type] ?? "") ?? [];
  const module = moduleOf(entry.address);
  for (const reference of references.filter(isRevisionOfOurs)) {
    const wanted = addressInCode(`${module}${reference.replace(/\.revision$/, "")}`);
    const regions = new Set(
      ownResources(plan)
        .filter(({ address }) => moduleOf(address) === module && addressInCode(address) === wanted)
        .flatMap(({ region }) => region ?? []),
    );
    if (regions.size === 1) return [...regions][0];
  }
  const parts = revisionParts(entry);
  return ownResources(plan).find(
    ({ region, revision }) => region !== undefined && parts.includes(revision ?? ""),
  )?.region;
}

function isRevisionOfOurs(reference: string): boolean {
  return /^konnectaudit_\w+\.[\w-]+(?:\[.*\])?\.revision$/.test(reference);
}

function hasRevisionTrigger({ change, type }: ResourceChange): boolean {
  const argument = triggersOf[type] ?? "";
  const { before, after, after_unknown: unknown } = change;
  return (
    [before, after].some((side) => "revision" in asObject(asObject(side)[argument])) ||
    anyTrue(asObject(asObject(unknown)[argument]).revision)
  );
}

/** A gate of a binding holds two revisions, its destination's and its own. */
function revisionParts({ change, type }: ResourceChange): string[] {
  const argument = triggersOf[type] ?? "";
  return [change.before, change.after].flatMap((side) => {
    const { revision } = asObject(asObject(side)[argument]);
    return typeof revision === "string" ? revision.split("/") : [];
  });
}

/** True if the trigger holds a revision of one of the plan's resources; revisions are random UUIDs. */
function isOwnRevision(entry: ResourceChange, plan: PlanJson): boolean {
  const parts = revisionParts(entry);
  const known = new Set(ownResources(plan).flatMap(({ revision }) => revision ?? []));
  if (parts.some((part) => known.has(part))) return true;
  // A plan without its code and without any revision shows changes only: the trigger's name is all that there is.
  return known.size === 0 && plan.configuration === undefined;
}

interface OwnResource {
  address: string;
  region: string | undefined;
  revision: string | undefined;
}

function ownResources(plan: PlanJson): OwnResource[] {
  const managed = (entry: { mode: string; type: string }) =>
    entry.mode === "managed" && isOurs(entry);
  const revisionOf = (values: unknown) => {
    const { revision } = asObject(values);
    return typeof revision === "string" ? revision : undefined;
  };
  return [
    ...priorResources(plan)
      .filter(managed)
      .map(({ address, values }) => ({
        address,
        region: regionOf(values),
        revision: revisionOf(values),
      })),
    ...plan.resource_changes.filter(managed).flatMap((entry) =>
      [entry.change.before, entry.change.after].map((side) => ({
        address: entry.address,
        region: regionOfChange(entry),
        revision: revisionOf(side),
      })),
    ),
  ];
}
