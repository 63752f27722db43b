import { KonnectError, type KonnectErrorCode } from "./errors.js";

const open: ReadonlySet<KonnectErrorCode> = new Set<KonnectErrorCode>([
  "KONNECT_SERVER_ERROR",
  "KONNECT_UNEXPECTED_STATUS",
  "KONNECT_UNREADABLE_ANSWER",
  "KONNECT_UNREACHABLE",
  "KONNECT_TIMEOUT",
  "KONNECT_CANCELLED",
]);

/** True if Konnect may have done a write although it failed; every other failure is a refusal. */
export function isOutcomeUnknown(failure: unknown): boolean {
  return KonnectError.is(failure) && open.has(failure.code);
}
