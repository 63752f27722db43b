import type { LogFormat } from "../core/log-format.js";
import { checkDestinationEndpoint } from "./checks.js";
import type { SiemDestination } from "./destination.js";
import { checkFit } from "./fit.js";

/** What {@link generic} needs. */
export interface GenericOptions<Credential> {
  endpoint: string;
  /** The credential that follows the scheme. */
  token: Credential;
  /** Authentication scheme of the `Authorization` header; `""` for a token that stands alone. @default "Bearer" */
  scheme?: string;
  /** @default "cef", as Konnect's API */
  logFormat?: LogFormat;
}

/** Any service that takes lines of text over HTTPS and authenticates by the `Authorization` header. */
export function generic<Credential>({
  endpoint,
  token,
  scheme = "Bearer",
  logFormat = "cef",
}: GenericOptions<Credential>): SiemDestination<Credential> {
  const caveats = [
    ...checkDestinationEndpoint("The destination", endpoint),
    ...checkFit(endpoint, scheme, logFormat),
  ];
  return {
    siem: "SIEM",
    endpoint,
    authorization: { before: scheme === "" ? "" : `${scheme} `, credential: token },
    logFormat,
    caveats,
  };
}
