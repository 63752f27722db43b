import type { LogFormat } from "../core/log-format.js";
import { checkHost } from "./checks.js";
import type { SiemDestination } from "./destination.js";
import { checkFormat } from "./fit.js";

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
  const endpoint = `https://${host}/api/v2/logs/ingest`;
  checkFormat("Dynatrace", endpoint, logFormat);
  return {
    siem: "Dynatrace",
    endpoint,
    authorization: { before: "Api-Token ", credential: token },
    logFormat,
    caveats: [
      "Konnect delivers as text/plain, which Dynatrace documents as one log event a request: several events of a batch may arrive as one.",
    ],
  };
}
