import { type Cleaner, type CleanText, cleanText, ownText } from "../core/foreign-text.js";
import { checkResults } from "./check-results.js";
import type { PlanJson, ResourceChange } from "./plan-json.js";
import {
  changedFields,
  isOurs,
  isReplacement,
  isUnknown,
  isWrite,
  keepsOldObject,
  priorResources,
  regionOfChange,
  shownSides,
} from "./resource-changes.js";
import { policyRisks, type Risk, type RiskName, riskNames, risksOf } from "./risks.js";
import type { Synthesis } from "./synthesis.js";

/** What a plan does with a resource. */
export type ReviewedAction =
  | "create"
  | "update"
  | "replace"
  /** Made anew, while the old object stays where it is (`lifecycle { destroy = false }`). */
  | "replace and keep"
  | "remove"
  | "forget"
  | "import";

export interface ReviewedField {
  field: CleanText;
  /** Masked where it may hold a secret. */
  before: CleanText;
  after: CleanText;
  /** The difference was made at Konnect since the last apply, and this plan sets it back. */
  revertsDrift: boolean;
}

export interface ReviewedChange {
  resource: CleanText;
  region: CleanText | undefined;
  action: ReviewedAction;
  fields: ReviewedField[];
}

/** A check that does not pass. */
export interface FailedCheck {
  address: CleanText;
  region: CleanText | undefined;
  messages: CleanText[];
}

/** An action that the plan runs besides its changes (Terraform 1.14). */
export interface ReviewedInvocation {
  address: CleanText;
  /** `AfterCreate` and its like, and the resource; `undefined` for `-invoke`. */
  event: CleanText | undefined;
}

/** What one plan would do. */
export interface PlanReview {
  name: CleanText;
  risks: Risk[];
  /** Changes of the konnectaudit provider's resources. */
  changes: ReviewedChange[];
  /** Changes of everything else. */
  others: ReviewedChange[];
  /** Results of the plan's `check` blocks and conditions that don't pass, with what they say. */
  failedChecks: FailedCheck[];
  /** Number of checks that pass. */
  passedChecks: number;
  /** Actions that it runs; their values may be secret and are left out. */
  invocations: ReviewedInvocation[];
  /** True if it covers only a part of the stack. */
  incomplete: boolean;
  /** False if the plan shows resources or code, and nothing of them is the konnectaudit provider's. */
  watched: boolean;
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
 * @param clean cleans what the plan holds: a state has what Konnect answered. @default one that knows no secret
 */
export function reviewPlan(
  name: string,
  plan: PlanJson,
  synthesis?: PlanReview["synthesis"],
  clean: Cleaner = cleanText,
): PlanReview {
  const written = plan.resource_changes.filter(
    (entry) => isWrite(entry) || (entry.mode === "managed" && entry.change.importing),
  );
  const drifted = driftedFields(plan);
  const risks = [
    ...written.flatMap((entry) => risksOf(entry, plan, clean)),
    ...policyRisks(synthesis),
  ];
  const checks = checkResults(plan);
  return {
    name: clean(name),
    risks: risks.sort((one, other) => rank(one.name) - rank(other.name)),
    changes: written.filter(isOurs).map((entry) => reviewChange(entry, drifted, clean)),
    others: written.filter((entry) => !isOurs(entry)).map((entry) => reviewOther(entry, clean)),
    failedChecks: checks
      .filter(({ status }) => status !== "pass" && status !== "unknown")
      .map(({ address, region, messages }) => ({
        address: clean(address),
        region: region === undefined ? undefined : clean(region),
        messages: messages.map((message) => clean(message)),
      })),
    invocations: plan.action_invocations.map(({ address, event, resource }) => ({
      address: clean(address),
      event: event === undefined ? undefined : clean([event, resource].join(" ").trim()),
    })),
    incomplete:
      plan.complete === false ||
      plan.deferred_changes.length > 0 ||
      plan.deferred_action_invocations.length > 0,
    watched: isWatched(plan),
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

function isWatched(plan: PlanJson): boolean {
  const resources = [...plan.resource_changes, ...priorResources(plan)];
  // An excerpt with outputs only does not show what the stack has. One that shows nothing at all is no plan to review.
  const isExcerpt =
    resources.length === 0 &&
    plan.configuration === undefined &&
    Object.keys(plan.output_changes).length > 0;
  return isExcerpt || resources.some(isOurs);
}

function rank(name: RiskName): number {
  return riskNames.indexOf(name);
}

function reviewChange(
  entry: ResourceChange,
  drifted: ReadonlySet<string>,
  clean: Cleaner,
): ReviewedChange {
  const { address } = entry;
  const action = actionOf(entry);
  const removed = action === "remove" || action === "forget";
  const fields = removed ? [] : changedFields(entry, derived).map((field) => fieldReview(field));
  const region = regionOfChange(entry);
  return {
    resource: clean(address),
    region: region === undefined ? undefined : clean(region),
    action,
    fields: [...fields, ...credential()],
  };

  function fieldReview(field: string): ReviewedField {
    const { before, after } = shownSides(entry, field);
    return {
      field: clean(field),
      before: clean(before),
      after: clean(after),
      revertsDrift: drifted.has(`${address} ${field}`),
    };
  }

  /** The credential is in no plan; only that it is written shows, by its revision. */
  function credential(): ReviewedField[] {
    if (removed || !isUnknown(entry, "authorization_revision")) return [];
    return [
      {
        field: ownText("authorization"),
        before: ownText(action === "create" ? "(none)" : "(secret)"),
        after: ownText("(secret, written)"),
        revertsDrift: false,
      },
    ];
  }
}

/** Other providers' values are not ours to judge or to show: any of them may be a secret. */
function reviewOther(entry: ResourceChange, clean: Cleaner): ReviewedChange {
  return {
    resource: clean(entry.address),
    region: undefined,
    action: actionOf(entry),
    fields: [],
  };
}

function actionOf(entry: ResourceChange): ReviewedAction {
  const { actions, importing } = entry.change;
  if (keepsOldObject(entry)) return "replace and keep";
  if (isReplacement(entry)) return "replace";
  if (actions.includes("create")) return "create";
  if (actions.includes("delete")) return "remove";
  if (actions.includes("forget")) return "forget";
  return importing ? "import" : "update";
}

function driftedFields({ resource_drift: drift }: PlanJson): Set<string> {
  return new Set(
    drift.flatMap((entry) => changedFields(entry).map((field) => `${entry.address} ${field}`)),
  );
}
