import { parseHttpDate } from "../core/date-time.js";

/** How often and how long a failed call is repeated. */
export interface RetryPolicy {
  /** Repetitions after the first try. @default 4 */
  maxRetries: number;
  /** The first wait in milliseconds; it doubles with each repetition. @default 500 */
  minWait: number;
  /** The longest wait in milliseconds, also for a Retry-After. @default 30000 */
  maxWait: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxRetries: 4, minWait: 500, maxWait: 30_000 };

const retriedStatuses = new Set([429, 502, 503, 504]);
/** After these nothing was done; after a gateway's 502 or 504 that is not known. */
const refusedStatuses = new Set([429, 503]);

/** True if an answer with this status may be better, and is safe, on another try. */
export function isRetriedStatus(status: number, method: string): boolean {
  return (method === "POST" ? refusedStatuses : retriedStatuses).has(status);
}

/** Failures that another try some seconds later meets again. */
const permanentFailures = new Set([
  "ENOTFOUND",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "UND_ERR_HEADERS_OVERFLOW",
  "HPE_HEADER_OVERFLOW",
]);

/** Certificates that aren't trusted, servers that speak no TLS or none of our versions of it, proxies that refuse. */
const permanentFamily = /^(?:CERT_|CRL_|UNABLE_TO_|ERROR_IN_C|ERR_TLS_|ERR_SSL_|PROXY_REFUSED 4)/;

/** True if a broken connection with this system code breaks in the same way on every try. */
export function isPermanentFailure(code: string): boolean {
  return permanentFailures.has(code) || permanentFamily.test(code);
}

/** What the wait before a repetition depends on. */
export interface RetryMoment {
  /** The answer's Retry-After header: seconds, or an HTTP date. */
  retryAfter?: string | undefined;
  /** The present, in milliseconds since the epoch, which a Retry-After's date is compared with. */
  now: number;
  /** A number in [0, 1). */
  random: () => number;
}

/**
 * The wait before repetition number `attempt` (from 0), in milliseconds.
 *
 * Half of it is random, so that the regions of one run that were throttled together don't come back together. A Retry-After
 * of nothing, of the past or of no known form does not count: the next try would follow at once.
 */
export function retryWait(
  policy: RetryPolicy,
  attempt: number,
  { retryAfter, now, random }: RetryMoment,
): number {
  const told = parseRetryAfter(retryAfter, now);
  if (told !== undefined) return Math.min(told, policy.maxWait);
  const full = Math.min(policy.minWait * 2 ** attempt, policy.maxWait);
  return full / 2 + (full / 2) * random();
}

function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  const date = parseHttpDate(text);
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : date === undefined ? 0 : date - now;
  return wait > 0 ? wait : undefined;
}
