import { STATUS_CODES } from "node:http";
import type { Knobs } from "../knobs.js";

/** What came of one delivery attempt. */
export type AttemptResult =
  | { kind: "answered"; status: number; message: string; retryAfter: string | undefined }
  | { kind: "failed"; message: string; untrustedCertificate: boolean }
  /** Never tried: Konnect delivers over HTTPS only. */
  | { kind: "refused"; message: string };

/** The result of an attempt that the receiver answered. */
export function answered(status: number, retryAfter: string | undefined): AttemptResult {
  const message = STATUS_CODES[status] ?? String(status);
  return { kind: "answered", status, message, retryAfter };
}

/** What Konnect's documentation promises: at least 1 s, at most 30 s, at most 4 retries. */
export const maxRetries = 4;
const minWaitMs = 1000;
const maxWaitMs = 30_000;

/** Whether the receiver took the batch. */
export function isAccepted(result: AttemptResult): boolean {
  return result.kind === "answered" && result.status >= 200 && result.status < 300;
}

/**
 * Decides about the next attempt.
 *
 * The shape between the documented bounds is not published: here the wait doubles, without jitter.
 *
 * @param retries how many retries there were before this result
 * @returns milliseconds to wait, or `undefined` when the result is final
 */
export function nextWait(
  result: AttemptResult,
  retries: number,
  profile: Knobs["retryProfile"],
  now: number,
): number | undefined {
  if (retries >= maxRetries || !isRetryable(result, profile)) return undefined;
  const backOff = Math.min(minWaitMs * 2 ** retries, maxWaitMs);
  if (profile === "documented" || result.kind !== "answered") return backOff;
  if (result.status !== 429 && result.status !== 503) return backOff;
  return parseRetryAfter(result.retryAfter, now) ?? backOff;
}

function isRetryable(result: AttemptResult, profile: Knobs["retryProfile"]): boolean {
  if (result.kind === "refused") return false;
  const asGo = profile === "retryablehttp";
  if (result.kind === "failed") return !(asGo && result.untrustedCertificate);
  if (result.status === 429 || result.status === 500) return true;
  return asGo && result.status > 500 && result.status !== 501;
}

/** `Retry-After` in milliseconds: seconds, or an HTTP date (RFC 9110 section 10.2.3). */
function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
