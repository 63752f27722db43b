import { maskEndpoint, maskEndpointChange } from "../konnect/endpoint.js";
import type { ModuleValues, PlanJson, ResourceChange, ResourceValues } from "./plan-json.js";

/** The side of a change that a value is read from. */
export type Side = "before" | "after";

const gateTypes = new Set(["null_resource", "terraform_data"]);

/** Whether the resource is one of the konnectaudit provider's. */
export function isOurs({ type }: { type: string }): boolean {
  return type.startsWith("konnectaudit_");
}

/** Whether the plan changes something there, or stops managing it. */
export function isWrite({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && change.actions.some((action) => !["no-op", "read"].includes(action));
}

/** Whether the plan destroys it and makes it anew. */
export function isReplacement({ change }: ResourceChange): boolean {
  return change.actions.includes("create") && change.actions.includes("delete");
}

/** Whether the type is one that carries delivery gates. */
export function isGateType({ type }: ResourceChange): boolean {
  return gateTypes.has(type);
}

/** A gate whose verification failed at the last apply. */
export function isTaintedGate(entry: ResourceChange): boolean {
  return isGateType(entry) && entry.action_reason === "replace_because_tainted";
}

/** The region that a resource's values name. */
export function regionOf(values: unknown): string | undefined {
  const { region } = asObject(values);
  return typeof region === "string" ? region : undefined;
}

/** The region of a change: as it was, or as it will be for something new. */
export function regionOfChange({ change }: ResourceChange): string | undefined {
  return regionOf(change.before ?? change.after);
}

/** The resources that the plan started from, those of called modules included. */
export function priorResources(plan: PlanJson): ResourceValues[] {
  const root = plan.prior_state?.values?.root_module;
  return root ? resourcesOf(root) : [];
}

function resourcesOf({ resources, child_modules: called }: ModuleValues): ResourceValues[] {
  return [...resources, ...called.flatMap(resourcesOf)];
}

/**
 * The attributes that differ between the two sides, those only known after apply included.
 *
 * @param ignored attributes that don't count
 */
export function changedFields(
  { change }: ResourceChange,
  ignored: ReadonlySet<string> = new Set(),
): string[] {
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

/** An attribute's value on one side; absent when it is only known after apply. */
export function fieldOf({ change }: ResourceChange, side: Side, field: string): unknown {
  return asObject(change[side])[field];
}

/** Whether an attribute's value is only known after apply. */
export function isUnknown({ change }: ResourceChange, field: string): boolean {
  return Boolean(asObject(change.after_unknown)[field]);
}

/** Both sides of an attribute as reports may show them: sensitive values and secret parts of URLs masked. */
export function shownSides(entry: ResourceChange, field: string): Record<Side, string> {
  const text = { before: "", after: "" };
  for (const side of ["before", "after"] as const) {
    const sensitive = asObject(entry.change[`${side}_sensitive`])[field] === true;
    const unknown = side === "after" && isUnknown(entry, field);
    const value = fieldOf(entry, side, field);
    text[side] = unknown ? "(known after apply)" : sensitive ? "(sensitive)" : plain(value);
  }
  return isUrl(text.before) || isUrl(text.after) ? maskUrls(text) : text;
}

function maskUrls({ before, after }: Record<Side, string>): Record<Side, string> {
  if (isUrl(before) && isUrl(after)) return maskEndpointChange(before, after);
  // Only one side is a URL: the other says why it is none, and has nothing to mask.
  const mask = (text: string) => (isUrl(text) ? maskEndpoint(text) : text);
  return { before: mask(before), after: mask(after) };
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value as an object to look into; empty when it is none. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
