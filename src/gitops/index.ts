/**
 * Drift checks over synthesized stacks, and reviews of saved plans.
 *
 * @module
 */
export { checkDrift, exitCodes } from "./drift.js";
export { type DriftReport, driftReportJsonSchema } from "./drift-report.js";
export { gitopsErrors } from "./errors.js";
export { noIgnoreRules, readIgnoreRules } from "./ignore-rules.js";
export { readPlan } from "./read-plan.js";
export { readVerification } from "./read-verification.js";
export { renderDriftAnnotations, renderReviewAnnotations } from "./render/annotations.js";
export { renderDriftHtml } from "./render/drift-html.js";
export { renderDriftJUnit } from "./render/drift-junit.js";
export { renderDriftMarkdown } from "./render/drift-markdown.js";
export { renderDriftText } from "./render/drift-text.js";
export { commentLimit } from "./render/fit-markdown.js";
export { renderReviewMarkdown } from "./render/review-markdown.js";
export { renderReviewText } from "./render/review-text.js";
export { blockingRisks, reviewPlan } from "./review.js";
export { type RiskName, riskNames } from "./risks.js";
export { stoppedBy } from "./run-command.js";
export { readStacks, synthesize } from "./stacks.js";
export { withoutMeaningfulArguments } from "./terraform-arguments.js";
export { appendStepSummary, writeReport } from "./write-report.js";
