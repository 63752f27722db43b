import { secretEndpointHosts } from "../konnect/secret-endpoint.js";

/** Services by what their endpoints look like; `undefined` when it could be any. */
const services = [
  { siem: "Splunk", matches: ({ pathname }: URL) => pathname.includes("/services/collector") },
  {
    siem: "Sumo Logic",
    matches: ({ hostname }: URL) => secretEndpointHosts.sumoLogic.test(hostname),
  },
  {
    siem: "Dynatrace",
    matches: ({ pathname }: URL) => pathname.endsWith("/api/v2/logs/ingest"),
  },
  {
    siem: "Datadog",
    matches: ({ hostname }: URL) => secretEndpointHosts.datadog.test(hostname),
  },
  {
    siem: "CrowdStrike",
    matches: ({ hostname }: URL) => /\.crowdstrike\.com$/.test(hostname),
  },
] as const;

export type SiemName = (typeof services)[number]["siem"];

/** What each service means by an answer, where that says more than the status code alone. */
const hints: Readonly<Record<SiemName, Readonly<Record<number, string>>>> = {
  Splunk: {
    400: 'Splunk: no data, an unknown index, or JSON on the event endpoint without an "event" member (only log_format cps has one; cef and json belong to /services/collector/raw).',
    401: 'Splunk: authorization must read "Splunk <token>"; a token without the word, or with Bearer, is refused.',
    403: "Splunk: the HTTP Event Collector token is wrong or disabled.",
    503: "Splunk: the indexer's queue is full.",
  },
  "Sumo Logic": {
    401: "Sumo Logic: the code in the URL is wrong or the source was deleted; copy its URL again.",
  },
  Dynatrace: {
    401: 'Dynatrace: authorization must read "Api-Token <token>".',
    403: "Dynatrace: the token lacks the scope logs.ingest.",
  },
  Datadog: {
    403: "Datadog: the API key in the endpoint's query is wrong, or belongs to another site.",
  },
  CrowdStrike: {
    401: 'CrowdStrike: authorization must read "Bearer <API key of the connector>".',
  },
};

/** Says whose endpoint it is, by its host and path. */
export function recogniseSiem(endpoint: string): SiemName | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  return services.find(({ matches }) => matches(url))?.siem;
}

/**
 * What the answer of a known service to a delivery means, and what to do.
 *
 * @param responseCode HTTP status, as Konnect's webhook status reports it
 * @returns `undefined` for a service that is not known and for codes of which nothing special is known
 */
export function explainResponse(responseCode: number, endpoint: string): string | undefined {
  const siem = recogniseSiem(endpoint);
  return siem && hints[siem][responseCode];
}
