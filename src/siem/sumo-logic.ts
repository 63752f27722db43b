import type { LogFormat } from "../core/log-format.js";
import type { SiemDestination } from "./destination.js";

/** What {@link sumoLogic} needs. */
export interface SumoLogicOptions<Credential> {
  /** URL of the HTTP Logs source. Whoever knows it can write to it. */
  url: Credential;
  /** @default "json" */
  logFormat?: LogFormat;
}

/** Sumo Logic's HTTP Logs and Metrics source: its URL is the credential. */
export function sumoLogic<Credential>({
  url,
  logFormat = "json",
}: SumoLogicOptions<Credential>): SiemDestination<Credential> {
  return {
    siem: "Sumo Logic",
    endpoint: { before: "", credential: url },
    authorization: "Bearer not-used-by-sumo-logic",
    logFormat,
    caveats: [],
  };
}
