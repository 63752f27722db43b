import { type Cleaner, type CleanText, cleanText } from "../core/foreign-text.js";
import { isRemovedGate, regionOfGate } from "./gates.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";
import {
  changedFields,
  fieldOf,
  isOurs,
  isReplacement,
  isUnknown,
  keepsOldObject,
  regionOfChange,
} from "./resource-changes.js";
import type { Synthesis } from "./synthesis.js";

/** What a reviewer must not overlook, worst first. */
export const riskNames = [
  "webhook-removed",
  "webhook-paused",
  "endpoint-host-changed",
  "destination-changed",
  "verification-off",
  "policy-violated",
  "gate-removed",
  "policy-not-evaluated",
  "existing-webhook-adopted",
  "credential-rotated",
  "format-changed",
] as const;
export type RiskName = (typeof riskNames)[number];

/** One risk of one change. Holds no secret. */
export interface Risk {
  name: RiskName;
  /** The resource's address; the policy of a risk of a policy. */
  resource: CleanText;
  region: CleanText | undefined;
  /** A sentence for the reviewer. */
  text: CleanText;
}

/** Answers why a change carries the risk; `undefined` when it does not. */
type Detector = (entry: ResourceChange) => string | undefined;

type OtherRisk = "gate-removed" | "policy-violated" | "policy-not-evaluated";

const ofOurs: Readonly<Record<Exclude<RiskName, OtherRisk>, Detector>> = {
  "webhook-removed": (entry) => {
    const { actions } = entry.change;
    if (keepsOldObject(entry)) {
      // A region has one webhook only: the new object takes it over.
      return entry.type === "konnectaudit_destination"
        ? "The old one stays at Konnect, unmanaged; a new one is made beside it."
        : undefined;
    }
    if (actions.includes("forget")) {
      return "Removed from the state only; it stays at Konnect, unmanaged.";
    }
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
export function risksOf(entry: ResourceChange, plan: PlanJson, clean: Cleaner): Risk[] {
  if (isRemovedGate(entry, plan)) {
    const region = regionOfGate(entry, plan);
    const text = "Later deploys no longer prove that events arrive.";
    return [risk("gate-removed", { resource: entry.address, region, text }, clean)];
  }
  if (!isOurs(entry) || entry.mode !== "managed") return [];
  return Object.entries(ofOurs).flatMap(([name, detect]) => {
    const text = detect(entry);
    const region = regionOfChange(entry);
    return text === undefined
      ? []
      : [risk(name as RiskName, { resource: entry.address, region, text }, clean)];
  });
}

/** The risks of the policies that the stack was held to at synth. */
export function policyRisks(synthesis: Synthesis | "newer" | undefined): Risk[] {
  if (synthesis === undefined || synthesis === "newer") return [];
  return synthesis.policies.flatMap(({ policy, result }) => {
    const of = { resource: policy, region: undefined };
    if (result === "violated") {
      return [risk("policy-violated", { ...of, text: "The stack violates this policy." })];
    }
    if (result === "not judged") {
      const text = "A value that it needs is not known at synth, so it was not evaluated.";
      return [risk("policy-not-evaluated", { ...of, text })];
    }
    return [];
  });
}

function risk(
  name: RiskName,
  { resource, region, text }: { resource: string; region: string | undefined; text: string },
  clean: Cleaner = cleanText,
): Risk {
  return {
    name,
    resource: clean(resource),
    region: region === undefined ? undefined : clean(region),
    text: clean(text),
  };
}

function isUpdate({ change }: ResourceChange): boolean {
  return change.actions.includes("update");
}

/** True if the attribute has the value after, and had not before. */
function changedTo(entry: ResourceChange, field: string, value: boolean): boolean {
  return fieldOf(entry, "after", field) === value && fieldOf(entry, "before", field) !== value;
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : "(not a URL)";
}
