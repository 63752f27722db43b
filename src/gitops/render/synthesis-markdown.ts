import type { PlanReview } from "../review.js";
import type { PolicyOutcome, SynthMessage } from "../synthesis.js";
import type { MarkdownSection } from "./fit-markdown.js";
import { cell } from "./markdown.js";

/** What is said of the policies with each result. */
const results: readonly [PolicyOutcome["result"], (policies: string) => string][] = [
  ["violated", (policies) => `**🔴 violated: ${policies}**`],
  ["not judged", (policies) => `not known at synth: ${policies}`],
  ["holds", (policies) => `${policies} hold`],
];

/** What the stacks were held to at synth: a line of policies, and what synth warned of. */
export function synthesisSections(reviews: readonly PlanReview[]): MarkdownSection[] {
  return [
    { head: "", items: policyLines(reviews) },
    { head: "", items: reviews.flatMap(messageLines) },
  ];
}

/** One line for all stacks that were held to the same. */
function policyLines(reviews: readonly PlanReview[]): string[] {
  const stacks = new Map<string, string[]>();
  for (const { name, synthesis } of reviews) {
    if (synthesis === undefined) continue;
    const said = policiesOf(synthesis);
    stacks.set(said, [...(stacks.get(said) ?? []), name]);
  }
  const several = reviews.length > 1;
  return [...stacks].map(
    ([said, names]) => `Policies${several ? ` of ${names.map(cell).join(", ")}` : ""}: ${said}.\n`,
  );
}

function policiesOf(synthesis: NonNullable<PlanReview["synthesis"]>): string {
  if (synthesis === "newer") {
    return "not told, as the stack was synthesized again after it was planned";
  }
  const parts = results.flatMap(([wanted, say]) => {
    const policies = synthesis.policies.filter(({ result }) => result === wanted);
    return policies.length > 0 ? [say(policies.map(({ policy }) => cell(policy)).join(", "))] : [];
  });
  return parts.length > 0 ? parts.join("; ") : "none on the whole stack";
}

function messageLines({ synthesis }: PlanReview): string[] {
  if (synthesis === undefined || synthesis === "newer") return [];
  const lines = (title: string, messages: readonly SynthMessage[]) =>
    messages.map(({ path, text }) => `- **${title}** at ${cell(path)}: ${cell(text)}`);
  return [
    ...lines("🔴 Synth failed", synthesis.errors),
    ...lines("⚠️ Synth warns", synthesis.warnings),
  ];
}
