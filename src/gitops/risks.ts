import type { ResourceChange } from "./plan-json.js";
import {
  asObject,
  changedFields,
  fieldOf,
  isGateType,
  isOurs,
  isReplacement,
  isUnknown,
  regionOfChange,
} from "./resource-changes.js";

/** What a reviewer must not overlook, worst first. */
export const riskNames = [
  "webhook-removed",
  "webhook-paused",
  "endpoint-host-changed",
  "destination-changed",
  "verification-off",
  "gate-removed",
  "existing-webhook-adopted",
  "credential-rotated",
  "format-changed",
] as const;
export type RiskName = (typeof riskNames)[number];

/** One risk of one change. Holds no secret. */
export interface Risk {
  name: RiskName;
  resource: string;
  region: string | undefined;
  /** A sentence for the reviewer. */
  text: string;
}

/** Answers why a change carries the risk; `undefined` when it does not. */
type Detector = (entry: ResourceChange) => string | undefined;

const ofOurs: Readonly<Record<Exclude<RiskName, "gate-removed">, Detector>> = {
  "webhook-removed": (entry) => {
    const { actions } = entry.change;
    if (actions.includes("forget")) return "Terraform lets go of it; nothing watches it any more.";
    if (!actions.includes("delete")) return undefined;
    return isReplacement(entry)
      ? "It is replaced: audit events in between are lost."
      : "Audit events are no longer delivered.";
  },

  "webhook-paused": (entry) =>
    changedTo(entry, "enabled", false) ? "Delivery stops until it is enabled again." : undefined,

  "endpoint-host-changed": (entry) => {
    const from = fieldOf(entry, "before", "endpoint");
    if (typeof from !== "string" || entry.change.actions.includes("delete")) return undefined;
    if (isUnknown(entry, "endpoint")) {
      return `Events leave ${hostOf(from)} for a host that is only known after apply.`;
    }
    const to = fieldOf(entry, "after", "endpoint");
    if (typeof to !== "string" || hostOf(from) === hostOf(to)) return undefined;
    return `Events go to ${hostOf(to)} instead of ${hostOf(from)}.`;
  },

  "destination-changed": (entry) =>
    isUpdate(entry) && changedFields(entry).includes("audit_log_destination_id")
      ? "The region is bound to another destination."
      : undefined,

  "verification-off": (entry) =>
    changedTo(entry, "skip_ssl_verification", true)
      ? "Konnect no longer checks the receiver's certificate."
      : undefined,

  "existing-webhook-adopted": (entry) => {
    if (entry.change.importing) return "It exists already, and is imported into the state.";
    const adopts = changedTo(entry, "adopt_existing", true);
    return adopts && entry.change.actions.includes("create")
      ? "What somebody else configured there is overwritten."
      : undefined;
  },

  "credential-rotated": (entry) => {
    if (!isUpdate(entry) || entry.change.importing) return undefined;
    const rotating = changedFields(entry).filter((field) => field.startsWith("authorization_"));
    return rotating.length > 0
      ? "The credential is written again, as its value differs or is not known here."
      : undefined;
  },

  "format-changed": (entry) =>
    isUpdate(entry) && changedFields(entry).includes("log_format")
      ? `Events arrive as ${isUnknown(entry, "log_format") ? "a format only known after apply" : String(fieldOf(entry, "after", "log_format"))} instead of ${String(fieldOf(entry, "before", "log_format"))}.`
      : undefined,
};

/** The risks of one change. */
export function risksOf(entry: ResourceChange): Risk[] {
  const found = (name: RiskName, text: string | undefined): Risk[] =>
    text === undefined
      ? []
      : [{ name, resource: entry.address, region: regionOfChange(entry), text }];
  if (isRemovedGate(entry)) {
    return found("gate-removed", "Later deploys no longer prove that events arrive.");
  }
  if (!isOurs(entry) || entry.mode !== "managed") return [];
  return riskNames.flatMap((name) =>
    name === "gate-removed" ? [] : found(name, ofOurs[name](entry)),
  );
}

/** A gate is known by its trigger on a webhook's revision, as its configuration is gone from the plan. */
function isRemovedGate(entry: ResourceChange): boolean {
  const { actions, before } = entry.change;
  if (!isGateType(entry) || isReplacement(entry)) return false;
  if (!actions.includes("delete") && !actions.includes("forget")) return false;
  const { triggers, triggers_replace: triggersReplace } = asObject(before);
  return "revision" in asObject(triggers ?? triggersReplace);
}

function isUpdate({ change }: ResourceChange): boolean {
  return change.actions.includes("update");
}

/** Whether the attribute has the value after, and had not before. */
function changedTo(entry: ResourceChange, field: string, value: boolean): boolean {
  return fieldOf(entry, "after", field) === value && fieldOf(entry, "before", field) !== value;
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : "(not a URL)";
}
