import { verifierErrors } from "./errors.js";

/** Milliseconds; a timer of Node's takes no more than 24 days, and nobody waits for as long. */
const longest = 7 * 24 * 3_600_000;

/**
 * Checks how long a command may take.
 *
 * @param name what the limit is called, for example `time-out`
 * @param limit milliseconds
 * @throws VerifierError `VERIFY_LIMIT_UNUSABLE` for zero, negative, endless and absurd ones
 */
export function checkTimeLimit(name: string, limit: number): void {
  if (limit > 0 && limit <= longest) return;
  throw verifierErrors.limitUnusable(name);
}
