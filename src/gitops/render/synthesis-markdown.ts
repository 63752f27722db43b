import type { PlanReview } from "../review.js";
import type { PolicyOutcome, SynthMessage } from "../synthesis.js";
import type { MarkdownSection } from "./fit-markdown.js";
import { cell } from "./markdown.js";

/** How the policies with each result are listed. */
const results: readonly [PolicyOutcome["result"], (policies: string, count: number) => string][] = [
  ["violated", (policies) => `**🔴 violated: ${policies}**`],
  ["not judged", (policies) => `not known at synth: ${policies}`],
  ["holds", (policies, count) => `${policies} ${count === 1 ? "holds" : "hold"}`],
];

/** What the stacks were held to at synth: a line of policies, and what synth warned of. */
export function synthesisSections(reviews: readonly PlanReview[]): MarkdownSection[] {
  return [
    { head: "", items: policyLines(reviews) },
    { head: "", items: messageLines(reviews) },
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
    return "unknown, as the stack was synthesized again after it was planned";
  }
  const parts = results.flatMap(([wanted, say]) => {
    const policies = synthesis.policies.filter(({ result }) => result === wanted);
    return policies.length > 0
      ? [say(policies.map(({ policy }) => cell(policy)).join(", "), policies.length)]
      : [];
  });
  return parts.length > 0 ? parts.join("; ") : "none on the whole stack";
}

/** One line for all constructs that synth says the same of. */
function messageLines(reviews: readonly PlanReview[]): string[] {
  const lines = (title: string, messages: readonly SynthMessage[]) =>
    groupMessages(messages).map(
      ({ paths, text }) => `- **${title}** at ${paths.map(cell).join(", ")}: ${cell(text)}`,
    );
  const known = reviews.flatMap(({ synthesis }) =>
    synthesis === undefined || synthesis === "newer" ? [] : [synthesis],
  );
  return [
    ...lines(
      "🔴 Synth failed",
      known.flatMap(({ errors }) => errors),
    ),
    ...lines(
      "⚠️ Synth warns",
      known.flatMap(({ warnings }) => warnings),
    ),
  ];
}

/** Messages with the same text, and where it was said. */
export function groupMessages(
  messages: readonly SynthMessage[],
): { text: SynthMessage["text"]; paths: SynthMessage["path"][] }[] {
  const groups = new Map<SynthMessage["text"], SynthMessage["path"][]>();
  for (const { path, text } of messages) groups.set(text, [...(groups.get(text) ?? []), path]);
  return [...groups].map(([text, paths]) => ({ text, paths }));
}
