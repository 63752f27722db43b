import type { LogFormat } from "../core/log-format.js";
import { checkHost, checkPort } from "./checks.js";
import type { SiemDestination } from "./destination.js";

/** What {@link splunk} needs. */
export interface SplunkOptions<Credential> {
  /** Host of the HTTP Event Collector, such as `http-inputs-acme.splunkcloud.com`. */
  host: string;
  /** Token of the HTTP Event Collector. */
  token: Credential;
  /** @default 8088; Splunk Cloud usually listens on 443 */
  port?: number;
  /** `cps` uses the collector's event endpoint, the others its raw endpoint. @default "json" */
  logFormat?: LogFormat;
  /** Index to write to. @default the token's own */
  index?: string;
}

/** Splunk's HTTP Event Collector. */
export function splunk<Credential>({
  host,
  token,
  port = 8088,
  logFormat = "json",
  index,
}: SplunkOptions<Credential>): SiemDestination<Credential> {
  checkHost("Splunk", "host", host, "http-inputs-acme.splunkcloud.com");
  checkPort("Splunk", port);
  // The event endpoint takes objects with an "event" member, which is what cps is; the raw one takes any line.
  const path = logFormat === "cps" ? "event" : "raw";
  const authority = port === 443 ? host : `${host}:${port}`;
  const query = index === undefined ? "" : `?index=${encodeURIComponent(index)}`;
  return {
    siem: "Splunk",
    endpoint: `https://${authority}/services/collector/${path}${query}`,
    authorization: { before: "Splunk ", credential: token },
    logFormat,
    caveats: [],
  };
}
