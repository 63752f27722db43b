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
/** After these nothing was done; after a gateway's 502 or 504 that can't be told. */
const refusedStatuses = new Set([429, 503]);

/** Says whether an answer with this status may be better, and is safe, on another try. */
export function isRetriedStatus(status: number, method: string): boolean {
  return (method === "POST" ? refusedStatuses : retriedStatuses).has(status);
}

/**
 * The wait before repetition number `attempt` (from 0), in milliseconds.
 *
 * Half of it is random, so that the regions of one run that were throttled together don't come back together.
 *
 * @param retryAfter the answer's Retry-After header, seconds or an HTTP date
 */
export function retryWait(
  policy: RetryPolicy,
  attempt: number,
  {
    retryAfter,
    now,
    random,
  }: { retryAfter?: string | undefined; now: number; random: () => number },
): number {
  const told = parseRetryAfter(retryAfter, now);
  if (told !== undefined) return Math.min(told, policy.maxWait);
  const full = Math.min(policy.minWait * 2 ** attempt, policy.maxWait);
  return full / 2 + (full / 2) * random();
}

function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
