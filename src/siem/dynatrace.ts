import { checkHost } from "./checks.js";
import type { SiemDestination } from "./destination.js";
import { siemErrors } from "./errors.js";
import type { LogFormat } from "./log-format.js";

/** What {@link dynatrace} needs. */
export interface DynatraceOptions<Credential> {
  /** Host of the environment, such as `abc12345.live.dynatrace.com`. */
  host: string;
  /** Access token with the scope `logs.ingest`. */
  token: Credential;
  /** @default "json" */
  logFormat?: LogFormat;
}

/** Dynatrace's log ingestion API. */
export function dynatrace<Credential>({
  host,
  token,
  logFormat = "json",
}: DynatraceOptions<Credential>): SiemDestination<Credential> {
  checkHost("Dynatrace", "host", host, "abc12345.live.dynatrace.com");
  if (logFormat === "cps") {
    throw siemErrors.formatUnsupported(
      "Dynatrace",
      logFormat,
      "it reads the attributes of the event itself, and cps hides them in another object",
      '"json" or "cef"',
    );
  }
  return {
    siem: "Dynatrace",
    endpoint: `https://${host}/api/v2/logs/ingest`,
    authorization: { before: "Api-Token ", credential: token },
    logFormat,
    caveats: [
      "Konnect delivers as text/plain, which Dynatrace documents as one log event a request: several events of a batch may arrive as one.",
    ],
  };
}
