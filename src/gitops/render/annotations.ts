import { cleanText } from "../../core/foreign-text.js";
import type { DriftReport } from "../drift-report.js";
import type { PlanReview } from "../review.js";
import type { Risk } from "../risks.js";
import { place, sentence } from "./sentence.js";

/** Characters of an annotation's text. */
const longestMessage = 4_000;

/** The drift report as GitHub Actions' workflow commands, which show up on the run's page. */
export function renderDriftAnnotations({ stacks }: DriftReport): string[] {
  return stacks.flatMap(({ stack, findings, error }) => [
    ...(error
      ? [command("error", `${stack} could not be checked`, `${error.message}\n${error.remedy}`)]
      : []),
    ...findings.map((finding) => command("error", stack, sentence(finding))),
  ]);
}

/** The risks of plans in the same way: those that the review must stop for as errors, the others as warnings. */
export function renderReviewAnnotations(
  reviews: readonly PlanReview[],
  blocking: readonly Risk[],
): string[] {
  return reviews.flatMap(({ name, risks }) =>
    risks.map((risk) =>
      command(
        blocking.includes(risk) ? "error" : "warning",
        `${name}: ${risk.name}`,
        `${place(risk)}: ${risk.text}`,
      ),
    ),
  );
}

/** Line breaks within the message are kept, in the form that GitHub gives them. */
function command(level: "error" | "warning", title: string, message: string): string {
  const lines = message.split("\n").map((line) => cleanText(line, longestMessage));
  return `::${level} title=${escapeProperty(cleanText(title))}::${lines.map(escapeData).join("%0A")}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
