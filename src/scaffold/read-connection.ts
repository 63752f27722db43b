import { checkEndpoint } from "../konnect/endpoint.js";
import type { LogFormat } from "../siem/index.js";
import type { FoundConnection } from "./found.js";

/** What the answers for webhooks and for destinations have in common. */
interface Connection {
  endpoint: string;
  log_format: string;
  skip_ssl_verification: boolean;
}

/** The connection in an answer, or why code can't express it. */
export function readConnection({
  endpoint,
  log_format,
  skip_ssl_verification,
}: Connection): FoundConnection | { reason: string } {
  const reason = inexpressible(endpoint);
  if (reason !== undefined) return { reason };
  if (!isLogFormat(log_format)) return { reason: unknownFormat(log_format) };
  return { endpoint, logFormat: log_format, skipSslVerification: skip_ssl_verification };
}

/** Why the constructs would refuse an endpoint; without the endpoint itself, which may be a credential. */
function inexpressible(endpoint: string): string | undefined {
  const problem = checkEndpoint(endpoint);
  if (problem) return `its endpoint ${problem.message}.`;
  if (holdsExpression(endpoint)) return "its endpoint holds a Terraform expression.";
  return undefined;
}

/** Says whether Terraform would evaluate a text, with all that the stack may read. */
export function holdsExpression(text: string): boolean {
  return /[$%]\{/.test(text);
}

function isLogFormat(format: string): format is LogFormat {
  return format === "cef" || format === "json" || format === "cps";
}

function unknownFormat(format: string): string {
  return `its log_format ${JSON.stringify(format)} is none that Konnect documents (cef, json, cps).`;
}
