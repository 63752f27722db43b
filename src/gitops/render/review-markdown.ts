import type { CleanText } from "../../core/foreign-text.js";
import { escapeMarkdown } from "../../verifier/render/escape.js";
import type { PlanReview, ReviewedAction, ReviewedChange } from "../review.js";
import type { Risk } from "../risks.js";
import { fitMarkdown, type MarkdownSection } from "./fit-markdown.js";
import { cell, details, stickyMarker, tableRow } from "./markdown.js";
import { actionWords, plural, reviewHeadline, riskTitles } from "./review-words.js";
import { synthesisSections } from "./synthesis-markdown.js";

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
    {
      head: `${stickyMarker("review")}\n## Audit-log webhooks: ${reviewHeadline(reviews)}`,
      items: [],
    },
    { head: "", items: runUrl ? [`[Run that made the plan](${link(runUrl)})`] : [] },
    { head: "", items: reviews.flatMap(({ name, risks }) => risks.map(riskLine(several && name))) },
    { head: "", items: reviews.flatMap((review) => warnings(review, several)) },
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

function riskLine(plan: CleanText | false): (risk: Risk) => string {
  return ({ name, region, resource, text }) => {
    const { mark, title } = riskTitles[name];
    const place = [...(plan ? [plan] : []), region ?? resource].join(", ");
    return `- **${mark} ${title}** in ${cell(place)}: ${cell(text)}`;
  };
}

/** What is no risk of a change, but has to be known before it is approved. */
function warnings(review: PlanReview, several: boolean): string[] {
  const { name, failedChecks, invocations, incomplete, watched } = review;
  const where = several ? ` in ${cell(name)}` : "";
  return [
    ...(incomplete ? [`- **⚠️ Incomplete plan**${where}: it covers a part of the stack only.`] : []),
    ...(watched ? [] : [`- **⚠️ Nothing to review**${where}: it has no audit-log webhook.`]),
    ...failedChecks.map(({ address, region, messages }) => {
      const text = [...(region ? [region] : []), address].join(", ");
      return `- **⚠️ Check fails**${where}: ${cell([text, ...messages].join(": "))}`;
    }),
    ...invocations.map(
      ({ address, event }) =>
        `- **⚠️ Runs an action**${where}: ${cell(event ? `${address} (${event})` : address)}`,
    ),
  ];
}

function regions(reviews: readonly PlanReview[]): MarkdownSection {
  return {
    head: "| Stack | Region | Action | Change |\n| --- | --- | --- | --- |",
    items: reviews.flatMap(({ name, changes }) =>
      changes.map((change) => {
        const { region, resource, action } = change;
        return `| ${cell(name)} | ${cell(region ?? resource)} | ${actionText(action)} | ${summary(change)} |`;
      }),
    ),
  };
}

function actionText(action: ReviewedAction): string {
  const ends = action !== "create" && action !== "update" && action !== "import";
  return ends ? `**${actionWords[action]}**` : actionWords[action];
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
      others.map(({ resource, action }) => `- ${actionText(action)} ${escapeMarkdown(resource)}`),
    ),
    details(
      `${name}: what no review can show`,
      changes.length === 0
        ? []
        : [
            "- Konnect never returns authorization: the deploy's gate or konnect-audit verify proves that a new credential is right, not a plan.",
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
