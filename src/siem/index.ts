/**
 * Presets for the services that audit events are delivered to: endpoint, `Authorization` header and format as each wants
 * them, and what its answers mean. Pure data and checks.
 *
 * @module
 */
import { crowdStrike } from "./crowd-strike.js";
import { datadog } from "./datadog.js";
import { dynatrace } from "./dynatrace.js";
import { generic } from "./generic.js";
import { splunk } from "./splunk.js";
import { sumoLogic } from "./sumo-logic.js";

export type { LogFormat } from "../core/log-format.js";
export { isSecretEndpoint } from "../konnect/secret-endpoint.js";
export { relayCaveat, serviceBehindRelay, type UnfitService } from "./checks.js";
export { endpointIsSecret, type PrefixedCredential, type SiemDestination } from "./destination.js";
export { SiemError, type SiemErrorCode } from "./errors.js";
export {
  explainResponse,
  explainScheme,
  recogniseSiem,
  type SiemName,
  serviceCode,
} from "./hints.js";

/** A destination for each service that Konnect can deliver to. */
export const Siem = { splunk, sumoLogic, dynatrace, datadog, crowdStrike, generic } as const;
