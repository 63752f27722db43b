import { maskEndpointChange } from "../konnect/endpoint.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";

/** What a drift check can find; each kind means that something has to be done. */
export const findingKinds = ["drift", "pending", "gate failed", "delivery failing"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One thing that is not as the code says. Holds no secret. */
export interface Finding {
  kind: FindingKind;
  /** The resource's address in Terraform. */
  resource: string;
  region: string | undefined;
  /** The attribute, when the finding is about one. */
  field: string | undefined;
  /** What the code, or the last apply, says. */
  expected: string;
  /** What is there. */
  actual: string;
}

/** What could not be told from a plan, although it was read. */
export interface Unverifiable {
  resource: string;
  region: string | undefined;
  reason: string;
}

export interface Classification {
  findings: Finding[];
  unverifiable: Unverifiable[];
  /** Health could not be read where it was asked for: an error, not a verdict. */
  healthErrors: Unverifiable[];
}

const ourTypes = /^konnectaudit_/;
const gateTypes = new Set(["null_resource", "terraform_data"]);
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
  const ourWrites = writes.filter(({ type }) => ourTypes.test(type));
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
    unverifiable: managed(plan).map(({ address, values }) => ({
      resource: address,
      region: regionOf(values),
      reason:
        "Konnect never returns authorization, so a change of it made elsewhere can't be seen.",
    })),
    healthErrors: health ? unreadStatuses(plan) : [],
  };
}

function isWrite({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && change.actions.some((action) => !["no-op", "read"].includes(action));
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
    ...shown(entry, field, { expected: "before", actual: "after" }),
  }));
}

function pendingOf(entry: ResourceChange, drifted: ReadonlySet<string>): Finding[] {
  const { change, address } = entry;
  const region = regionOf(change.before ?? change.after);
  const whole = (expected: string, actual: string): Finding[] => [
    { kind: "pending", resource: address, region, field: undefined, expected, actual },
  ];
  if (isTaintedGate(entry)) return [];
  if (change.actions.includes("create") && change.actions.includes("delete")) {
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
            ...shown(entry, field, { expected: "after", actual: "before" }),
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
function isGateOf(
  { type, change, action_reason }: ResourceChange,
  ourWrites: readonly unknown[],
): boolean {
  return (
    gateTypes.has(type) &&
    ourWrites.length > 0 &&
    change.actions.includes("delete") &&
    change.actions.includes("create") &&
    action_reason !== "replace_because_tainted"
  );
}

function isTaintedGate({ type, action_reason }: ResourceChange): boolean {
  return gateTypes.has(type) && action_reason === "replace_because_tainted";
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
  return plan.checks
    .filter(({ status }) => status === "fail")
    .map(({ address, instances }) => ({
      kind: "delivery failing",
      resource: address.to_display,
      region: undefined,
      field: undefined,
      expected: "delivery succeeds",
      actual:
        instances?.flatMap(({ problems }) => problems ?? []).map(({ message }) => message)[0] ??
        "the health check fails",
    }));
}

function unreadStatuses(plan: PlanJson): Unverifiable[] {
  return resourcesOf(plan)
    .filter(({ type, values }) => type === statusType && typeof values?.error === "string")
    .map(({ address, values }) => ({
      resource: address,
      region: regionOf(values),
      reason: String(values?.error),
    }));
}

function resourcesOf(plan: PlanJson) {
  return plan.prior_state?.values?.root_module?.resources ?? [];
}

function managed(plan: PlanJson) {
  return resourcesOf(plan).filter(({ type, mode }) => mode === "managed" && ourTypes.test(type));
}

function changedFields({ change }: ResourceChange, ignored: ReadonlySet<string>): string[] {
  const before = asObject(change.before);
  const after = asObject(change.after);
  const unknown = asObject(change.after_unknown);
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names].filter(
    (name) =>
      !ignored.has(name) &&
      (Boolean(unknown[name]) || JSON.stringify(before[name]) !== JSON.stringify(after[name])),
  );
}

type Side = "before" | "after";

function shown(
  { change }: ResourceChange,
  field: string,
  sides: { expected: Side; actual: Side },
): { expected: string; actual: string } {
  const text = { before: "", after: "" };
  for (const side of ["before", "after"] as const) {
    const value = asObject(change[side])[field];
    const sensitive = asObject(change[`${side}_sensitive`])[field] === true;
    const unknown = side === "after" && Boolean(asObject(change.after_unknown)[field]);
    text[side] = unknown ? "(known after apply)" : sensitive ? "(sensitive)" : plain(value);
  }
  if (field === "endpoint" && text.before.startsWith("http") && text.after.startsWith("http")) {
    const masked = maskEndpointChange(text[sides.expected], text[sides.actual]);
    return { expected: masked.before, actual: masked.after };
  }
  return { expected: text[sides.expected], actual: text[sides.actual] };
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function regionOf(values: unknown): string | undefined {
  const { region } = asObject(values);
  return typeof region === "string" ? region : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
