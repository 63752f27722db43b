import type { PlanReview, ReviewedAction } from "../review.js";
import type { RiskName } from "../risks.js";

/** Titles of the risks; the mark is their rank. */
export const riskTitles: Readonly<Record<RiskName, { mark: string; title: string }>> = {
  "webhook-removed": { mark: "🔴", title: "Removed" },
  "webhook-paused": { mark: "🔴", title: "Paused" },
  "endpoint-host-changed": { mark: "🔴", title: "Endpoint host changed" },
  "destination-changed": { mark: "🔴", title: "Destination changed" },
  "verification-off": { mark: "🔴", title: "Certificate verification off" },
  "policy-violated": { mark: "🔴", title: "Policy violated" },
  "gate-removed": { mark: "🟠", title: "Gate removed" },
  "policy-not-evaluated": { mark: "🟠", title: "Policy not evaluated" },
  "existing-webhook-adopted": { mark: "🟠", title: "Existing webhook adopted" },
  "credential-rotated": { mark: "🟡", title: "Credential rotated" },
  "format-changed": { mark: "🟡", title: "Format changed" },
};

/** Words for what a plan does; those that end something are shown in bold where that is possible. */
export const actionWords: Readonly<Record<ReviewedAction, string>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "replace and keep": "replace, keep the old one",
  remove: "remove",
  forget: "no longer managed",
  import: "import",
};

/** The outcome in a few words: changes and risks. */
export function reviewHeadline(reviews: readonly PlanReview[]): string {
  const count = (list: (review: PlanReview) => readonly unknown[]) =>
    reviews.reduce((sum, review) => sum + list(review).length, 0);
  const changes = count((review) => review.changes);
  const others = count((review) => review.others);
  const actions = count((review) => review.invocations);
  const risks = count((review) => review.risks);
  const parts = [
    ...(changes > 0 || others > 0 ? [plural(changes, "change")] : []),
    ...(others > 0 ? [plural(others, "other resource")] : []),
    ...(actions > 0 ? [plural(actions, "action")] : []),
  ];
  if (parts.length === 0) {
    return risks === 0 ? "no changes" : `no changes; ${plural(risks, "risk")}`;
  }
  return `${parts.join(", ")}; ${risks === 0 ? "no risk found" : plural(risks, "risk")}`;
}

/** A number with its noun. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
