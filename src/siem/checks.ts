import { checkEndpoint } from "../konnect/endpoint.js";
import { siemErrors } from "./errors.js";

const hostName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/**
 * Checks a host name that a preset puts into a URL; tokens and expressions pass.
 *
 * @throws SiemError `SIEM_HOST_INVALID`
 */
export function checkHost(siem: string, argument: string, host: string, example: string): void {
  if (holdsExpression(host) || hostName.test(host)) return;
  throw siemErrors.hostInvalid(siem, argument, host, example);
}

/**
 * Checks an endpoint given as a whole; tokens and expressions pass.
 *
 * @throws SiemError `SIEM_ENDPOINT_INVALID`, or `SIEM_NEEDS_RELAY` for a service that Konnect can't deliver to
 */
export function checkDestinationEndpoint(siem: string, endpoint: string): void {
  if (holdsExpression(endpoint)) return;
  const problem = checkEndpoint(endpoint);
  if (problem) throw siemErrors.endpointInvalid(siem, problem.message);
  const unfit = serviceBehindRelay(endpoint);
  if (unfit) throw siemErrors.needsRelay(unfit.service, unfit.reason, unfit.relay);
}

/** A service that Konnect can't deliver to directly. */
export interface UnfitService {
  service: string;
  /** Why not. */
  reason: string;
  /** What could stand between the two. */
  relay: string;
}

/** Names the service of an endpoint when it is one that needs a relay. @param endpoint a URL without expressions */
export function serviceBehindRelay(endpoint: string): UnfitService | undefined {
  const { hostname, pathname } = new URL(endpoint);
  return withoutDirectFit.find(({ matches }) => matches(hostname, pathname));
}

/**
 * Checks a port that a preset puts into a URL.
 *
 * @throws SiemError `SIEM_PORT_INVALID`
 */
export function checkPort(siem: string, port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw siemErrors.portInvalid(siem, port);
}

/** Services whose API Konnect's one `Authorization` header and `text/plain` lines don't fit. */
const withoutDirectFit = [
  {
    service: "Elasticsearch",
    matches: (_host: string, path: string) => /\/_(bulk|doc|create)(\/|$)/.test(path),
    reason:
      "its bulk API wants an action line before each event, and _doc takes one object a request",
    relay: "for example Logstash's http input or an Elastic Agent with the HTTP endpoint input",
  },
  {
    service: "Microsoft Sentinel",
    matches: (host: string) =>
      /\.(ods\.opinsights\.azure\.com|ingest\.monitor\.azure\.com)$/.test(host),
    reason: "its ingestion API wants short-lived Entra tokens or a signature over each request",
    relay: "for example an Azure Function that checks the header and forwards the events",
  },
] as const;

/** A cdktf token or an expression: only Terraform knows the value. */
export function holdsExpression(value: string): boolean {
  return value.includes("${");
}
