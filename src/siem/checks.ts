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
 * @returns caveats: a service that the path alone tells of may need a relay
 * @throws SiemError `SIEM_ENDPOINT_INVALID`, or `SIEM_NEEDS_RELAY` for a host that Konnect can't deliver to
 */
export function checkDestinationEndpoint(siem: string, endpoint: string): string[] {
  if (holdsExpression(endpoint)) return [];
  const problem = checkEndpoint(endpoint);
  if (problem) throw siemErrors.endpointInvalid(siem, problem.message);
  const unfit = serviceBehindRelay(endpoint);
  if (unfit?.refused) throw siemErrors.needsRelay(unfit.service, unfit.reason, unfit.relay);
  return unfit ? [relayCaveat(unfit)] : [];
}

/** What to know of an endpoint that looks like that of a service behind a relay. */
export function relayCaveat({ service, reason, relay }: UnfitService): string {
  return `The endpoint looks like that of ${service}, which can't receive from Konnect directly: ${reason}. Put a relay between the two, ${relay}.`;
}

/** A service that Konnect can't deliver to directly. */
export interface UnfitService {
  service: string;
  /** Why not. */
  reason: string;
  /** What could stand between the two. */
  relay: string;
  /** True if the host leaves no doubt, so that a preset refuses it. */
  refused: boolean;
}

/** Names the service of an endpoint when it is one that needs a relay. @param endpoint a URL without expressions */
export function serviceBehindRelay(endpoint: string): UnfitService | undefined {
  const { hostname, pathname } = new URL(endpoint);
  const found = withoutDirectFit.find(({ matches }) => matches(hostname, pathname));
  if (!found) return undefined;
  const { service, reason, relay, refused = false } = found;
  return { service, reason, relay, refused };
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

interface ServiceWithoutFit extends Omit<UnfitService, "refused"> {
  matches: (host: string, path: string) => boolean;
  refused?: boolean;
}

const signedRequests = "it takes only requests that are signed with keys of a cloud account";
const otherContentTypes = (types: string) =>
  `it documents ${types} only, and Konnect sends lines as text/plain`;

/** Services whose API Konnect's one `Authorization` header and `text/plain` lines don't fit. */
const withoutDirectFit: readonly ServiceWithoutFit[] = [
  {
    service: "Microsoft Sentinel",
    matches: (host) =>
      /\.(ods\.opinsights\.azure\.(com|us|cn)|ingest\.monitor\.azure\.(com|us|cn))$/.test(host),
    reason: "its ingestion API wants short-lived Entra tokens or a signature over each request",
    relay: "for example an Azure Function that checks the header and forwards the events",
    refused: true,
  },
  {
    service: "Elasticsearch",
    matches: (_host, path) => /\/_(bulk|doc|create)(\/|$)/.test(path),
    reason:
      "its bulk API wants an action line before each event, and _doc takes one object a request",
    relay:
      "for example Logstash's http input, which takes lines of text; the HTTP endpoint input of an Elastic Agent does not, it answers 415",
  },
  {
    service: "Grafana Loki",
    matches: (_host, path) => /\/(loki\/api\/v1|api\/prom)\/push\/?$/.test(path),
    reason: "its push API takes streams in JSON or protobuf",
    relay:
      "for example Grafana Alloy's loki.source.api, whose /loki/api/v1/raw takes lines of text",
  },
  {
    service: "an OTLP receiver",
    matches: (_host, path) => /\/v1\/logs\/?$/.test(path),
    reason: "OTLP takes log records in protobuf or JSON of its own form",
    relay:
      "for example an OpenTelemetry Collector with the webhookevent receiver and split_logs_at_newline",
  },
  {
    service: "Amazon Data Firehose or Kinesis",
    matches: (host) => /^(firehose|kinesis)\.([a-z0-9-]+\.)+amazonaws\.com(\.cn)?$/.test(host),
    reason: signedRequests,
    relay: "for example an API Gateway with a function that checks the header and puts the records",
  },
  {
    service: "an object store",
    matches: (host) =>
      /(^|\.)s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(host) ||
      /(^|\.)storage\.googleapis\.com$/.test(host) ||
      /\.blob\.core\.windows\.net$/.test(host),
    reason: signedRequests,
    relay: "for example Vector with an http_server source and a sink for the bucket",
  },
  {
    service: "New Relic",
    matches: (host) => /(^|[.-])log-api\.([a-z0-9-]+\.)*newrelic\.com$/.test(host),
    reason: otherContentTypes("JSON and gzip of JSON"),
    relay: "for example an OpenTelemetry Collector or Fluent Bit, and try it with a preflight",
  },
  {
    service: "Better Stack",
    matches: (host) => /(^|\.)(betterstackdata|betterstack|logtail)\.com$/.test(host),
    reason: otherContentTypes("JSON, NDJSON and MessagePack"),
    relay: "for example Vector or Fluent Bit, and try it with a preflight",
  },
];

/** A cdktf token or an expression: only Terraform knows the value. */
export function holdsExpression(value: string): boolean {
  return value.includes("${");
}
