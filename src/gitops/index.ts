/**
 * Drift checks over synthesized stacks, and reviews of saved plans.
 *
 * @module
 */
export { checkDrift, exitCodes } from "./drift.js";
export { type DriftReport, driftReportJsonSchema } from "./drift-report.js";
export { noIgnoreRules, readIgnoreRules } from "./ignore-rules.js";
export { renderDriftAnnotations } from "./render/annotations.js";
export { renderDriftJUnit } from "./render/drift-junit.js";
export { renderDriftMarkdown } from "./render/drift-markdown.js";
export { renderDriftText } from "./render/drift-text.js";
export { commentLimit } from "./render/fit-markdown.js";
export { readStacks, synthesize } from "./stacks.js";
export { appendStepSummary, writeReport } from "./write-report.js";
