import { escapeMarkdown } from "../../verifier/render/escape.js";
import type { PlanReview, ReviewedAction, ReviewedChange } from "../review.js";
import type { Risk, RiskName } from "../risks.js";
import { fitMarkdown, type MarkdownSection } from "./fit-markdown.js";
import { cell, details, stickyMarker, tableRow } from "./markdown.js";
import { synthesisSections } from "./synthesis-markdown.js";

const riskTitles: Readonly<Record<RiskName, string>> = {
  "webhook-removed": "🔴 Removed",
  "webhook-paused": "🔴 Paused",
  "endpoint-host-changed": "🔴 Endpoint host changed",
  "destination-changed": "🔴 Destination changed",
  "verification-off": "🔴 Certificate verification off",
  "gate-removed": "🟠 Gate removed",
  "existing-webhook-adopted": "🟠 Existing webhook adopted",
  "credential-rotated": "🟡 Credential rotated",
  "format-changed": "🟡 Format changed",
};

const actionWords: Readonly<Record<ReviewedAction, string>> = {
  create: "create",
  update: "update",
  replace: "**replace**",
  remove: "**remove**",
  forget: "**no longer managed**",
  import: "import",
};

export interface ReviewMarkdownOptions {
  /** Bytes; what does not fit is left out, and that is said. */
  limit: number;
  /** Page of the run that made the plans. */
  runUrl?: string | undefined;
}

/** The review as a pull request's comment: risks, then what changes per region, then everything else, folded. */
export function renderReviewMarkdown(
  reviews: readonly PlanReview[],
  { limit, runUrl }: ReviewMarkdownOptions,
): string {
  const several = reviews.length > 1;
  const sections: MarkdownSection[] = [
    { head: `${stickyMarker("review")}\n## Audit-log webhooks: ${headline(reviews)}`, items: [] },
    { head: "", items: runUrl ? [`[Run that made the plan](${link(runUrl)})`] : [] },
    { head: "", items: reviews.flatMap(({ name, risks }) => risks.map(riskLine(several && name))) },
    { head: "", items: reviews.flatMap((review) => failedChecks(review, several)) },
    ...synthesisSections(reviews),
    regions(reviews),
    ...reviews.flatMap(planDetails),
  ];
  const [first, ...rest] = sections;
  return fitMarkdown(
    [...(first ? [first] : []), ...rest.filter(({ items }) => items.length > 0)],
    limit,
  );
}

function headline(reviews: readonly PlanReview[]): string {
  const count = (list: (review: PlanReview) => readonly unknown[]) =>
    reviews.reduce((sum, review) => sum + list(review).length, 0);
  const changes = count(({ changes }) => changes);
  const others = count((review) => review.others);
  const risks = count((review) => review.risks);
  if (changes + others === 0) return "no changes";
  const parts = [
    plural(changes, "change"),
    ...(others > 0 ? [plural(others, "other resource")] : []),
  ];
  return `${parts.join(", ")}; ${risks === 0 ? "no risk found" : plural(risks, "risk")}`;
}

function riskLine(plan: string | false): (risk: Risk) => string {
  return ({ name, region, resource, text }) =>
    `- **${riskTitles[name]}** in ${cell([...(plan ? [plan] : []), region ?? resource].join(", "))}: ${cell(text)}`;
}

function failedChecks({ name, failedChecks: failed }: PlanReview, several: boolean): string[] {
  return failed.map(
    ({ address, messages }) =>
      `- **⚠️ Check fails**${several ? ` in ${cell(name)}` : ""}: ${cell([address, ...messages].join(": "))}`,
  );
}

function regions(reviews: readonly PlanReview[]): MarkdownSection {
  return {
    head: "| Stack | Region | Action | Change |\n| --- | --- | --- | --- |",
    items: reviews.flatMap(({ name, changes }) =>
      changes.map((change) => {
        const { region, resource, action } = change;
        return `| ${cell(name)} | ${cell(region ?? resource)} | ${actionWords[action]} | ${summary(change)} |`;
      }),
    ),
  };
}

/** What differs; of something new only where it points to. */
function summary({ action, fields }: ReviewedChange): string {
  if (action === "create") {
    return fields
      .filter(({ field }) => ["endpoint", "audit_log_destination_id"].includes(field))
      .map(({ after }) => cell(after))
      .join(", ");
  }
  return fields
    .map(
      ({ field, before, after, revertsDrift }) =>
        `${cell(field)}: ${cell(before)} → ${cell(after)}${revertsDrift ? " (set back)" : ""}`,
    )
    .join("<br>");
}

function planDetails({ name, changes, others, passedChecks }: PlanReview): MarkdownSection[] {
  const rows = changes.flatMap(({ resource, fields }) =>
    fields.map(({ field, before, after, revertsDrift }) =>
      tableRow([resource, field, before, after, revertsDrift ? "changed at Konnect" : ""]),
    ),
  );
  const table = details(`${name}: before and after`, rows);
  return [
    {
      ...table,
      head: `${table.head}\n| Resource | Field | Before | After | Drift |\n| --- | --- | --- | --- | --- |`,
    },
    details(
      `${name}: other resources (${others.length})`,
      others.map(({ resource, action }) => `- ${actionWords[action]} ${escapeMarkdown(resource)}`),
    ),
    details(
      `${name}: what this review can't tell`,
      changes.length === 0
        ? []
        : [
            "- Konnect never returns authorization: that the new credential is right is proven by the deploy's gate or konnect-audit verify, not by a plan.",
            ...(passedChecks > 0
              ? [`- ${plural(passedChecks, "check")} passed when it was planned.`]
              : []),
          ],
    ),
  ];
}

/** A URL within a Markdown link; anything that could end the link is encoded. */
function link(url: string): string {
  return url.replace(/[\s()<>[\]\\]/g, (character) =>
    encodeURIComponent(character).replace(
      /[()]/g,
      (bracket) => `%${bracket.charCodeAt(0).toString(16)}`,
    ),
  );
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
