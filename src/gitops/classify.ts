import { checkResults } from "./check-results.js";
import type { Finding, Unverifiable } from "./drift-report.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";
import {
  changedFields,
  isGateType,
  isOurs,
  isReplacement,
  isTaintedGate,
  isWrite,
  priorResources,
  regionOf,
  regionOfChange,
  type Side,
  shownSides,
} from "./resource-changes.js";

/** What a plan says. */
export interface Classification {
  findings: Finding[];
  unverifiable: Unverifiable[];
  /** Health could not be read where it was asked for: an error, not a verdict. */
  healthErrors: Unverifiable[];
}

const statusType = "konnectaudit_webhook_status";
/** Attributes that follow from others, or that Konnect sets: a change of them alone is no drift. */
const derived = new Set(["id", "revision", "updated_at", "created_at", "authorization_revision"]);

/**
 * Turns a plan into findings.
 *
 * What the refresh found changed is drift; what else the plan would change is code that is not applied yet.
 *
 * @param options.health also judge the health checks
 */
export function classifyPlan(plan: PlanJson, { health }: { health: boolean }): Classification {
  const drift = plan.resource_drift.flatMap(driftOf);
  const drifted = new Set(drift.map(({ resource, field }) => `${resource} ${field ?? ""}`));
  const writes = plan.resource_changes.filter(isWrite);
  const ourWrites = writes.filter(isOurs);
  const pending = [
    ...writes
      .filter((entry) => !isGateOf(entry, ourWrites))
      .flatMap((entry) => pendingOf(entry, drifted)),
    ...outputsOf(plan, writes.length > 0),
  ];
  return {
    findings: [
      ...drift,
      ...pending,
      ...writes.filter(isTaintedGate).map(gateFailed),
      ...(health ? failingChecks(plan) : []),
    ],
    unverifiable: [
      ...managed(plan).map(({ address, values }) => ({
        resource: address,
        region: regionOf(values),
        what: "authorization" as const,
        reason:
          "Konnect never returns authorization, so a change of it made elsewhere can't be seen.",
      })),
      ...(health ? deferredChecks(plan) : []),
    ],
    healthErrors: health ? unreadStatuses(plan) : [],
  };
}

function driftOf(entry: ResourceChange): Finding[] {
  const { change, address } = entry;
  const region = regionOf(change.before);
  if (change.actions.includes("delete")) {
    const expected = "configured";
    return [
      { kind: "drift", resource: address, region, field: undefined, expected, actual: "gone" },
    ];
  }
  return changedFields(entry, derived).map((field) => ({
    kind: "drift",
    resource: address,
    region,
    field,
    ...sides(entry, field, { expected: "before", actual: "after" }),
  }));
}

function pendingOf(entry: ResourceChange, drifted: ReadonlySet<string>): Finding[] {
  const { change, address } = entry;
  const region = regionOfChange(entry);
  const whole = (expected: string, actual: string): Finding[] => [
    { kind: "pending", resource: address, region, field: undefined, expected, actual },
  ];
  if (isTaintedGate(entry)) return [];
  if (isReplacement(entry)) {
    return whole("replaced by the next apply", "there");
  }
  if (change.actions.includes("create")) {
    return drifted.has(`${address} `) ? [] : whole("created by the next apply", "not there");
  }
  if (change.actions.includes("delete")) return whole("removed by the next apply", "there");
  const fields = changedFields(entry, new Set(["id", "revision", "updated_at"]));
  return fields
    .filter((field) => !drifted.has(`${address} ${field}`))
    .map((field) =>
      field === "authorization_revision"
        ? authorizationPending(address, region)
        : {
            kind: "pending" as const,
            resource: address,
            region,
            field,
            ...sides(entry, field, { expected: "after", actual: "before" }),
          },
    );
}

function authorizationPending(resource: string, region: string | undefined): Finding {
  return {
    kind: "pending",
    resource,
    region,
    field: "authorization",
    expected: "written by the next apply",
    actual: "another value, or none known",
  };
}

function outputsOf(plan: PlanJson, explained: boolean): Finding[] {
  // Outputs that follow from a resource's change are no finding of their own.
  if (explained) return [];
  return Object.entries(plan.output_changes)
    .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
    .map(([name]) => ({
      kind: "pending",
      resource: `output.${name}`,
      region: undefined,
      field: undefined,
      expected: "changed by the next apply",
      actual: "the previous value",
    }));
}

/** A gate runs again because its webhook is written: that follows from the webhook's own finding. */
function isGateOf(entry: ResourceChange, ourWrites: readonly unknown[]): boolean {
  return isGateType(entry) && ourWrites.length > 0 && isReplacement(entry) && !isTaintedGate(entry);
}

function gateFailed({ address }: ResourceChange): Finding {
  return {
    kind: "gate failed",
    resource: address,
    region: undefined,
    field: undefined,
    expected: "delivery verified at the last apply",
    actual: "the verification failed",
  };
}

function failingChecks(plan: PlanJson): Finding[] {
  return checkResults(plan)
    .filter(({ status }) => status === "fail")
    .map(({ address, messages }) => ({
      kind: "delivery failing",
      resource: address,
      region: undefined,
      field: undefined,
      expected: "delivery succeeds",
      actual: messages[0] ?? "the health check fails",
    }));
}

/** Terraform reads no status of a webhook that it would write: the status may follow from the write. */
function deferredChecks(plan: PlanJson): Unverifiable[] {
  return checkResults(plan)
    .filter(({ status }) => status === "unknown")
    .map(({ address }) => ({
      resource: address,
      region: undefined,
      what: "delivery",
      reason: "Whether deliveries succeed can only be told once Konnect has what the code says.",
    }));
}

function unreadStatuses(plan: PlanJson): Unverifiable[] {
  return priorResources(plan)
    .filter(({ type, values }) => type === statusType && typeof values?.error === "string")
    .map(({ address, values }) => ({
      resource: address,
      region: regionOf(values),
      what: "delivery",
      reason: String(values?.error),
    }));
}

function managed(plan: PlanJson) {
  return priorResources(plan).filter((entry) => entry.mode === "managed" && isOurs(entry));
}

function sides(
  entry: ResourceChange,
  field: string,
  { expected, actual }: { expected: Side; actual: Side },
): Pick<Finding, "expected" | "actual"> {
  const text = shownSides(entry, field);
  return { expected: text[expected], actual: text[actual] };
}
