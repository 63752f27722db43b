import { KonnectError, type KonnectErrorCode } from "../konnect/errors.js";

const open: ReadonlySet<KonnectErrorCode> = new Set<KonnectErrorCode>([
  "KONNECT_SERVER_ERROR",
  "KONNECT_UNEXPECTED_STATUS",
  "KONNECT_UNREADABLE_ANSWER",
  "KONNECT_UNREACHABLE",
  "KONNECT_TIMEOUT",
  "KONNECT_CANCELLED",
]);

/** Says whether Konnect may have done a write although it failed; every other failure is a refusal. */
export function mayBeDone(failure: unknown): boolean {
  return KonnectError.is(failure) && open.has(failure.code);
}
