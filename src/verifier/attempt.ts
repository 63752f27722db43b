import type { Cleaner, CleanText } from "../core/foreign-text.js";
import { isAccepted } from "../konnect/health.js";
import type { WebhookStatus } from "../konnect/wire.js";
import { serviceCode } from "../siem/index.js";
import { refusalWords } from "./refusal-words.js";

/** How Konnect goes on after an attempt: done, not repeated, or repeated for a while. */
export type AttemptOutcome = "accepted" | "refused" | "repeated";

/** A delivery that Konnect tried, as the webhook's status tells of the last one. */
export interface Attempt {
  /** Milliseconds since the epoch, by Konnect's clock. */
  at: number;
  /** HTTP status of the endpoint's answer; null when there was none. */
  responseCode: number | null;
  /** What the endpoint said, as far as it may be shown. */
  responseMessage: CleanText | null;
  /** The number that Splunk and its likes put into their answers. */
  serviceCode?: number | undefined;
  outcome: AttemptOutcome;
}

// What Go, Java and OpenSSL say when TLS fails; which of them Konnect's message comes from is not documented.
const tlsFailure =
  /x509|certificate|\btls\b|\bssl\b|handshake|(?:^|[\W_])CERT(?:[\W_]|$)|SELF_SIGNED|UNABLE_TO_VERIFY|_TLS_|_SSL_/i;

/**
 * The last attempt that a status tells of; `undefined` before the first one.
 *
 * @param clean takes out the secrets that are known; others are recognised as far as they can be
 */
export function lastAttempt(status: WebhookStatus, clean: Cleaner): Attempt | undefined {
  const at = Date.parse(status.last_attempt_at ?? "");
  if (Number.isNaN(at)) return undefined;
  const responseCode = status.last_response_code || null;
  const words = status.last_response_message;
  return {
    at,
    responseCode,
    responseMessage: refusalWords(responseCode, words, clean),
    serviceCode: serviceCode(words),
    outcome: outcomeOf(responseCode, words),
  };
}

/** True if an attempt failed before the endpoint could answer, because of TLS. */
export function isTlsFailure({ responseCode, responseMessage }: Attempt): boolean {
  return responseCode === null && tlsFailure.test(responseMessage ?? "");
}

/** An attempt's answer for people: `401 Unauthorized`, or `no answer (connection refused)`. */
export function describeAnswer({
  responseCode,
  responseMessage,
}: {
  responseCode: number | null;
  responseMessage: string | null;
}): string {
  if (responseCode === null) return `no answer${responseMessage ? ` (${responseMessage})` : ""}`;
  const message = responseMessage?.replace(new RegExp(`^${responseCode}\\s*`), "");
  return [responseCode, message].filter(Boolean).join(" ");
}

/**
 * Konnect repeats after connection errors, 500 and 429 (its documentation); whether after other 5xx too is not known,
 * so those count as repeated until the webhook turns inactive. An untrusted certificate is never tried again.
 */
function outcomeOf(code: number | null, message: string | null): AttemptOutcome {
  if (code === null) return tlsFailure.test(message ?? "") ? "refused" : "repeated";
  if (isAccepted(code)) return "accepted";
  return code === 429 || code >= 500 ? "repeated" : "refused";
}
