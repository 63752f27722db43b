import { environmentSecrets } from "../core/environment-secrets.js";
import { cleanLines, createCleaner } from "../core/foreign-text.js";
import type { CliIo } from "./io.js";

/** An error's texts, clean. */
export interface ErrorDescription {
  /** What happened. */
  message: string;
  /** The stable code, if it has one. */
  code?: string | undefined;
  remedy?: string | undefined;
}

/**
 * An error as a user may read it.
 *
 * Errors hold no foreign text that is not clean; this is the last place to see to it, for those that nobody expected too.
 */
export function describeError(error: unknown, env: CliIo["env"]): ErrorDescription {
  if (!(error instanceof Error)) return { message: cleanForUsers(String(error), env) };
  const remedy = "remedy" in error && typeof error.remedy === "string" ? error.remedy : undefined;
  return {
    message: cleanForUsers(error.message, env),
    code: codeOf(error),
    remedy: remedy === undefined ? undefined : cleanForUsers(remedy, env),
  };
}

/** Text of several lines without the environment's secrets and without what steers a terminal. */
export function cleanForUsers(text: string, env: CliIo["env"]): string {
  return cleanLines(text, createCleaner(environmentSecrets(env)));
}

// Not cleaned: a credential that shares a word with a code would mask what people search for.
function codeOf(error: Error): string | undefined {
  if (!("code" in error) || typeof error.code !== "string") return undefined;
  return /^[A-Z][A-Z0-9_]*$/.test(error.code) ? error.code : undefined;
}
