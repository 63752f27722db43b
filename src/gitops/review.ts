import { type CheckResult, checkResults } from "./check-results.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";
import {
  changedFields,
  isOurs,
  isUnknown,
  isWrite,
  regionOfChange,
  shownSides,
} from "./resource-changes.js";
import { type Risk, type RiskName, riskNames, risksOf } from "./risks.js";
import type { Synthesis } from "./synthesis.js";

/** What a plan does with a resource. */
export type ReviewedAction = "create" | "update" | "replace" | "remove" | "forget" | "import";

export interface ReviewedField {
  field: string;
  /** Masked where it may hold a secret. */
  before: string;
  after: string;
  /** The difference was made at Konnect since the last apply, and this plan sets it back. */
  revertsDrift: boolean;
}

export interface ReviewedChange {
  resource: string;
  region: string | undefined;
  action: ReviewedAction;
  fields: ReviewedField[];
}

/** What one plan would do. */
export interface PlanReview {
  name: string;
  risks: Risk[];
  /** Changes of the konnectaudit provider's resources. */
  changes: ReviewedChange[];
  /** Changes of everything else. */
  others: ReviewedChange[];
  /** Results of the plan's `check` blocks and conditions that don't pass, with what they say. */
  failedChecks: CheckResult[];
  /** Number of checks that pass. */
  passedChecks: number;
  /** What the stack was held to at synth; `undefined` where the plan is all there is. */
  synthesis: Synthesis | "newer" | undefined;
}

/** Attributes that follow from others; a reviewer decides nothing about them. */
const derived = new Set([
  ...["id", "revision", "authorization_revision", "created_at", "updated_at"],
  "last_attempt_at",
]);

/**
 * Turns a plan into what a reviewer has to know.
 *
 * @param name what the plan is called in the review; the stack's name
 * @param synthesis what cdktf left beside the plan. @default nothing
 */
export function reviewPlan(
  name: string,
  plan: PlanJson,
  synthesis?: PlanReview["synthesis"],
): PlanReview {
  const written = plan.resource_changes.filter(
    (entry) => isWrite(entry) || (entry.mode === "managed" && entry.change.importing),
  );
  const drifted = driftedFields(plan);
  const risks = written.flatMap(risksOf);
  const checks = checkResults(plan);
  return {
    name,
    risks: risks.sort((one, other) => rank(one.name) - rank(other.name)),
    changes: written.filter(isOurs).map((entry) => reviewChange(entry, drifted)),
    others: written.filter((entry) => !isOurs(entry)).map((entry) => reviewOther(entry)),
    failedChecks: checks.filter(({ status }) => status === "fail" || status === "error"),
    passedChecks: checks.filter(({ status }) => status === "pass").length,
    synthesis,
  };
}

/**
 * The risks that a review must stop for.
 *
 * @param failOn names; `any` stands for every risk
 */
export function blockingRisks(
  reviews: readonly PlanReview[],
  failOn: readonly (RiskName | "any")[],
): Risk[] {
  const risks = reviews.flatMap((review) => review.risks);
  return failOn.includes("any") ? risks : risks.filter(({ name }) => failOn.includes(name));
}

function rank(name: RiskName): number {
  return riskNames.indexOf(name);
}

function reviewChange(entry: ResourceChange, drifted: ReadonlySet<string>): ReviewedChange {
  const { address } = entry;
  const action = actionOf(entry);
  const removed = action === "remove" || action === "forget";
  const fields = removed ? [] : changedFields(entry, derived).map((field) => fieldReview(field));
  return {
    resource: address,
    region: regionOfChange(entry),
    action,
    fields: [...fields, ...credential()],
  };

  function fieldReview(field: string): ReviewedField {
    return { field, ...shownSides(entry, field), revertsDrift: drifted.has(`${address} ${field}`) };
  }

  /** The credential is in no plan; only that it is written shows, by its revision. */
  function credential(): ReviewedField[] {
    if (removed || !isUnknown(entry, "authorization_revision")) return [];
    const before = action === "create" ? "(none)" : "(secret)";
    return [{ field: "authorization", before, after: "(secret, written)", revertsDrift: false }];
  }
}

/** Other providers' values are not ours to judge or to show: any of them may be a secret. */
function reviewOther(entry: ResourceChange): ReviewedChange {
  return { resource: entry.address, region: undefined, action: actionOf(entry), fields: [] };
}

function actionOf({ change }: ResourceChange): ReviewedAction {
  const { actions, importing } = change;
  const creates = actions.includes("create");
  if (creates && actions.includes("delete")) return "replace";
  if (creates) return "create";
  if (actions.includes("delete")) return "remove";
  if (actions.includes("forget")) return "forget";
  return importing ? "import" : "update";
}

function driftedFields({ resource_drift: drift }: PlanJson): Set<string> {
  return new Set(
    drift.flatMap((entry) => changedFields(entry).map((field) => `${entry.address} ${field}`)),
  );
}
