import { type Cleaner, type CleanText, cleanly, cleanText, ownText } from "../core/foreign-text.js";
import { checkEndpoint } from "../konnect/endpoint.js";
import type { LogFormat } from "../siem/index.js";
import type { FoundConnection } from "./found.js";

/** What the answers for webhooks and for destinations have in common. */
interface Connection {
  endpoint: string;
  log_format: string;
  skip_ssl_verification: boolean;
}

/**
 * The connection in an answer, or why code can't express it.
 *
 * @param clean takes out the secrets that Konnect's client knows
 */
export function readConnection(
  { endpoint, log_format, skip_ssl_verification }: Connection,
  clean: Cleaner,
): FoundConnection | { reason: CleanText } {
  const reason = inexpressible(endpoint);
  if (reason !== undefined) return { reason };
  if (!isLogFormat(log_format)) return { reason: unknownFormat(clean(log_format, 80)) };
  return {
    endpoint,
    logFormat: log_format,
    skipSslVerification: skip_ssl_verification,
    ...(repeatsSecret(endpoint, clean) ? { endpointIsSecret: true } : {}),
  };
}

/** Why the constructs would refuse an endpoint; without the endpoint itself, which may be a credential. */
function inexpressible(endpoint: string): CleanText | undefined {
  const problem = checkEndpoint(endpoint);
  if (problem) return cleanText(`its endpoint ${problem.message}.`);
  if (holdsExpression(endpoint)) return ownText("its endpoint holds a Terraform expression.");
  return undefined;
}

/** True if a text has a part of a secret in it that the process knows. */
export function repeatsSecret(text: string, clean: Cleaner): boolean {
  return clean(text).includes("***") && !text.includes("***");
}

/** True if Terraform would evaluate a text, with all that the stack may read. */
export function holdsExpression(text: string): boolean {
  return /[$%]\{/.test(text);
}

function isLogFormat(format: string): format is LogFormat {
  return format === "cef" || format === "json" || format === "cps";
}

function unknownFormat(format: CleanText): CleanText {
  return cleanly`its log_format "${format}" is none that Konnect documents (cef, json, cps).`;
}
