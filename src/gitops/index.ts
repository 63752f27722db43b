/**
 * Drift checks over synthesized stacks.
 *
 * @module
 */
export { checkDrift, type DriftReport, exitCodes } from "./drift.js";
export { renderDriftText } from "./report-text.js";
export { readStacks, synthesize } from "./stacks.js";
