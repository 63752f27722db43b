import { maskEndpoint, maskEndpointChange } from "../konnect/endpoint.js";
import type { ModuleValues, PlanJson, ResourceChange, ResourceValues } from "./plan-json.js";

/** The side of a change that a value is read from. */
export type Side = "before" | "after";

/** True if the resource is one of the konnectaudit provider's. */
export function isOurs({ type }: { type: string }): boolean {
  return type.startsWith("konnectaudit_");
}

/** True if the plan changes something there, or stops managing it. */
export function isWrite({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && change.actions.some((action) => !["no-op", "read"].includes(action));
}

/** True if the plan makes the object anew, and destroys the old one or lets go of it. */
export function isReplacement({ change: { actions } }: ResourceChange): boolean {
  return actions.includes("create") && (actions.includes("delete") || actions.includes("forget"));
}

/**
 * True if the plan makes the object anew and does not destroy the old one (`lifecycle { destroy = false }`): it stays as it
 * is at Konnect, and Terraform forgets it.
 */
export function keepsOldObject({ change: { actions } }: ResourceChange): boolean {
  return actions.includes("create") && actions.includes("forget");
}

/** The region that a resource's values name. */
export function regionOf(values: unknown): string | undefined {
  const { region } = asObject(values);
  return typeof region === "string" ? region : undefined;
}

/** The region of a change: as it was, or as it will be for something new. */
export function regionOfChange({ change }: ResourceChange): string | undefined {
  return regionOf(change.before) ?? regionOf(change.after);
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
 * The attributes that differ between the two sides, those that are not known included.
 *
 * Of a side that Terraform left out nothing is known: then every attribute counts.
 *
 * @param ignored attributes that don't count
 */
export function changedFields(
  entry: ResourceChange,
  ignored: ReadonlySet<string> = new Set(),
): string[] {
  const before = asObject(entry.change.before);
  const after = asObject(entry.change.after);
  const unknown = asObject(entry.change.after_unknown);
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names].filter(
    (name) =>
      !ignored.has(name) &&
      (isUnknown(entry, name) ||
        entry.change.before === undefined ||
        JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null)),
  );
}

/** An attribute's value on one side; absent when it is not known. */
export function fieldOf({ change }: ResourceChange, side: Side, field: string): unknown {
  return asObject(change[side])[field];
}

/** True if an attribute's value is only known after apply. */
export function isUnknown({ change }: ResourceChange, field: string): boolean {
  const { after, after_unknown: unknown } = change;
  if (after === undefined) return true;
  if (unknown === undefined) return after !== null && !(field in asObject(after));
  return anyTrue(memberOf(unknown, field));
}

/** Both sides of an attribute as reports may show them: sensitive values and secret parts of URLs masked. */
export function shownSides(entry: ResourceChange, field: string): Record<Side, string> {
  const text = { before: shown(entry, "before", field), after: shown(entry, "after", field) };
  return isUrl(text.before) || isUrl(text.after) ? maskUrls(text) : text;
}

function shown(entry: ResourceChange, side: Side, field: string): string {
  const { change } = entry;
  if (side === "after" && isUnknown(entry, field)) return "(known after apply)";
  if (change[side] === undefined) return "(unknown)";
  const value = fieldOf(entry, side, field);
  if (value === null || value === undefined) return "(none)";
  const sensitive = change[`${side}_sensitive`];
  if (sensitive === undefined) return "(not shown: it may be sensitive)";
  return anyTrue(memberOf(sensitive, field)) ? "(sensitive)" : plain(value);
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
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a mask such as `after_unknown` says of an attribute: the mask of an object may be one value for all of it. */
function memberOf(mask: unknown, field: string): unknown {
  return typeof mask === "object" && mask !== null ? asObject(mask)[field] : mask;
}

/** True if a mask holds true somewhere. */
export function anyTrue(mask: unknown): boolean {
  if (typeof mask !== "object" || mask === null) return mask === true;
  return Object.values(mask).some(anyTrue);
}

/** A value as an object to look into; empty when it is none. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
