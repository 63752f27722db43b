/**
 * Proof that audit events arrive, and a diagnosis when they don't.
 *
 * @module
 */

export { renderText } from "./render/text.js";
export type { RegionReport, VerificationReport } from "./report.js";
export type { EvidenceLevel, Verdict } from "./verdicts.js";
export { type VerifyOptions, verify } from "./verify.js";
