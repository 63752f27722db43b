import type { LogFormat } from "../core/log-format.js";
import { checkDestinationEndpoint } from "./checks.js";
import type { SiemDestination } from "./destination.js";
import { checkFormat } from "./fit.js";

/** What {@link crowdStrike} needs. */
export interface CrowdStrikeOptions<Credential> {
  /** URL of the HEC connector. */
  url: string;
  /** API key of the connector. */
  apiKey: Credential;
  /** @default "cps", which Konnect has for CrowdStrike's parser standard */
  logFormat?: LogFormat;
}

/** The HTTP event connector of CrowdStrike Falcon Next-Gen SIEM. */
export function crowdStrike<Credential>({
  url,
  apiKey,
  logFormat = "cps",
}: CrowdStrikeOptions<Credential>): SiemDestination<Credential> {
  const caveats = checkDestinationEndpoint("CrowdStrike", url);
  checkFormat("CrowdStrike", url, logFormat);
  return {
    siem: "CrowdStrike",
    endpoint: url,
    authorization: { before: "Bearer ", credential: apiKey },
    logFormat,
    caveats,
  };
}
