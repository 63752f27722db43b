import type pc from "picocolors";
import { wrap } from "../../verifier/render/wrap.js";
import type { PlanReview, ReviewedChange } from "../review.js";
import type { Risk } from "../risks.js";
import { actionWords, plural, reviewHeadline, riskTitles } from "./review-words.js";
import { groupMessages } from "./synthesis-markdown.js";

type Colors = ReturnType<typeof pc.createColors>;

const width = 80;

/** The review for a terminal: risks, then what changes per region. */
export function renderReviewText(reviews: readonly PlanReview[], colors: Colors): string {
  const sections = reviews.map((review) => {
    const lines = [
      colors.bold(review.name),
      ...warnings(review),
      ...review.risks.flatMap((risk) => riskLines(risk, colors)),
      ...review.changes.flatMap(changeLines),
      ...review.others.map(({ action, resource }) => `  ${actionWords[action]} ${resource}`),
      ...policyLines(review),
      ...(review.changes.length > 0 ? indent(`Not checkable: ${unseen}`) : []),
      ...(review.passedChecks > 0
        ? [`  ${plural(review.passedChecks, "check")} passed when it was planned.`]
        : []),
    ];
    return lines.join("\n");
  });
  return [...sections, `\nAudit-log webhooks: ${reviewHeadline(reviews)}.`].join("\n");
}

const unseen =
  "authorization, which Konnect never returns. The deploy's gate or konnect-audit verify proves it.";

function riskLines({ name, region, resource, text }: Risk, colors: Colors): string[] {
  const { mark, title } = riskTitles[name];
  const paint = mark === "🔴" ? colors.red : colors.yellow;
  return [`  ${paint(`! ${title}`)} in ${region ?? resource}`, ...indent(text, "    ")];
}

function warnings({ incomplete, watched, failedChecks, invocations }: PlanReview): string[] {
  return [
    ...(incomplete ? ["  Warning: the plan covers a part of the stack only."] : []),
    ...(watched ? [] : ["  Warning: the plan has no audit-log webhook."]),
    ...failedChecks.flatMap(({ address, region, messages }) =>
      indent(`Warning: check fails: ${[region ?? address, ...messages].join(": ")}`),
    ),
    ...invocations.map(
      ({ address, event }) => `  Warning: runs the action ${address}${event ? ` (${event})` : ""}`,
    ),
  ];
}

function changeLines({ resource, region, action, fields }: ReviewedChange): string[] {
  const shown =
    action === "create"
      ? fields.filter(({ field }) => field === "endpoint" || field === "audit_log_destination_id")
      : fields;
  return [
    `  ${region ?? resource}: ${actionWords[action]}`,
    ...(region ? [`    ${resource}`] : []),
    ...shown.map(({ field, before, after, revertsDrift }) => {
      const change = action === "create" ? after : `${before} → ${after}`;
      return `    ${field}: ${change}${revertsDrift ? " (set back)" : ""}`;
    }),
  ];
}

function policyLines({ synthesis }: PlanReview): string[] {
  if (synthesis === undefined) return [];
  if (synthesis === "newer") {
    return indent("Policies: unknown, as the stack was synthesized again after it was planned.");
  }
  const holding = synthesis.policies.filter(({ result }) => result === "holds");
  const names = holding.map(({ policy }) => policy).join(", ");
  return [
    ...(holding.length > 0
      ? indent(`Policies: ${names} ${holding.length === 1 ? "holds" : "hold"}.`)
      : []),
    ...groupMessages(synthesis.errors).flatMap(({ text, paths }) =>
      indent(`Synth failed at ${paths.join(", ")}: ${text}`),
    ),
    ...groupMessages(synthesis.warnings).flatMap(({ text, paths }) =>
      indent(`Synth warns at ${paths.join(", ")}: ${text}`),
    ),
  ];
}

function indent(text: string, blanks = "  "): string[] {
  return wrap(text, width - blanks.length).map((line) => `${blanks}${line}`);
}
