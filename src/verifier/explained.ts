import * as z from "zod";
import { type Cleaner, cleanText } from "../core/foreign-text.js";
import type { TimeLimit } from "../core/time-limit.js";
import { verifierErrors } from "./errors.js";

/** An error as reports hold it. */
export const explainedErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
});

export type ExplainedError = z.output<typeof explainedErrorSchema>;

/**
 * What kept a region's work from being done.
 *
 * @param stopped true if the user stopped the run: whatever came of that is no finding
 * @param clean cleans what the message quotes, such as a file's name. @default one that knows no secret
 */
export function explainError(
  region: string,
  error: unknown,
  stopped: boolean,
  clean: Cleaner = cleanText,
): ExplainedError {
  const { code, message, remedy } = stopped
    ? verifierErrors.stopped(region)
    : isExplained(error)
      ? error
      : verifierErrors.unexpected(region, error);
  return { code, message: clean(message), remedy: cleanText(remedy) };
}

/** The same for work that had a limit: when its time was up, whatever came of that is no finding either. */
export function explainWithin(
  region: string,
  error: unknown,
  limit: TimeLimit,
  clean: Cleaner = cleanText,
): ExplainedError {
  return limit.passed
    ? explainError(region, verifierErrors.timeUp(region), false)
    : explainError(region, error, limit.signal.aborted, clean);
}

function isExplained(error: unknown): error is Error & ExplainedError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "remedy" in error &&
    typeof error.remedy === "string"
  );
}
