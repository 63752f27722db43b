import type { LogFormat } from "../core/log-format.js";
import { checkHost } from "./checks.js";
import type { SiemDestination } from "./destination.js";

/** What {@link datadog} needs. */
export interface DatadogOptions<Credential> {
  /** API key; it becomes part of the URL. */
  apiKey: Credential;
  /** Datadog site, such as `datadoghq.eu`. @default "datadoghq.com" */
  site?: string;
  /** @default "json" */
  logFormat?: LogFormat;
}

/**
 * Datadog's log intake.
 *
 * Datadog wants its key in a header that Konnect can't send, so it goes into the URL, which thereby becomes the credential.
 */
export function datadog<Credential>({
  apiKey,
  site = "datadoghq.com",
  logFormat = "json",
}: DatadogOptions<Credential>): SiemDestination<Credential> {
  checkHost("Datadog", "site", site, "datadoghq.eu");
  return {
    siem: "Datadog",
    endpoint: {
      before: `https://http-intake.logs.${site}/api/v2/logs?ddsource=konnect&dd-api-key=`,
      credential: apiKey,
    },
    authorization: "Bearer not-used-by-datadog",
    logFormat,
    caveats: [
      "Datadog documents its API key as a header; the query parameter is a common way around that which it may withdraw.",
    ],
  };
}
