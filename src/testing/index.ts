/**
 * Helpers for the tests of stacks that use konnect-audit, with vitest or jest.
 *
 * @module
 */
export { maskIds } from "./mask-ids.js";
export {
  type AuditLogMatchers,
  auditLogMatchers,
  type ExpectedGate,
  type ExpectedWebhook,
  type MatcherResult,
} from "./matchers.js";
