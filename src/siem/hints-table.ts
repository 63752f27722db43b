/** What is known of a service's answers, in its own terms. */
export interface SiemAnswers {
  /** The word that `authorization` has to begin with, where the service authenticates by that header. */
  scheme?: string;
  /** What stands after the word, for messages. */
  credential?: string;
  /** By HTTP status. */
  byStatus: Readonly<Record<number, string>>;
  /** By the code in the answer's body, where that says more than the status. */
  byCode?: Readonly<Record<number, string>>;
  /** What to say instead where the endpoint or the credential is already as `byStatus` would ask for it. */
  refine?: (answer: { status: number; url: URL; schemeIsRight: boolean }) => string | undefined;
}

const splunkToken =
  "the token is unknown to this Splunk, or disabled: see Settings > Data inputs > HTTP Event Collector.";
const splunkFormat =
  'the event endpoint takes objects with an "event" member only: log_format cps has one; cef and json belong to /services/collector/raw.';

/**
 * The answers that the services document, and what to do about each. Splunk: HTTP Event Collector error codes; Sumo Logic:
 * status codes of HTTP sources; Dynatrace: log ingestion API v2; Datadog: logs API v2; CrowdStrike: HEC/HTTP event connector.
 */
export const siemAnswers = {
  Splunk: {
    scheme: "Splunk",
    credential: "<HEC token>",
    byStatus: {
      400: `no data, an unknown index, or the wrong endpoint: ${splunkFormat}`,
      401: 'authorization must read "Splunk <HEC token>"; a token without the word, or with Bearer, is refused.',
      403: splunkToken,
      404: "the path is no HEC endpoint: /services/collector/raw or, for log_format cps, /services/collector/event.",
      503: "the indexer's queues are full or it is shutting down; Konnect's documentation does not promise to repeat after 503.",
    },
    refine: ({ status, url, schemeIsRight }) => {
      if (status === 401 && schemeIsRight) return splunkToken;
      const isItsPath = /\/services\/collector(\/(raw|event)(\/1\.0)?)?\/?$/.test(url.pathname);
      return status === 404 && isItsPath
        ? "the path is right, but nothing is served there: check host and port, and that the HTTP Event Collector is enabled under Settings > Data inputs > HTTP Event Collector > Global Settings."
        : undefined;
    },
    byCode: {
      1: "the token is disabled: enable it in Settings > Data inputs > HTTP Event Collector.",
      2: 'the token is missing: authorization must read "Splunk <HEC token>".',
      3: 'the scheme is not Splunk\'s: authorization must read "Splunk <HEC token>".',
      4: splunkToken,
      5: "it found no data in the body: is a relay on the way that strips it?",
      6: splunkFormat,
      7: "the index is not among the token's allowed ones: correct `?index=` in the endpoint, or allow it for the token.",
      9: "the indexer's queues are full: wait, or give it more indexers.",
      10: "the token wants a data channel, which Konnect can't send: turn off indexer acknowledgement for the token.",
      11: "the data channel in the endpoint is invalid: turn off indexer acknowledgement for the token, and leave the channel out.",
      12: splunkFormat,
      13: splunkFormat,
    },
  },
  "Sumo Logic": {
    byStatus: {
      401: "the code in the URL is missing or wrong, or the source was deleted: copy the HTTP source's URL again.",
      408: "it took the request, but not in time: see the source's status page.",
      429: "the account's ingest quota throttles: raise it, or send less.",
      503: "its collection has trouble: see Manage > Collection > Status.",
      504: "its collection has trouble: see Manage > Collection > Status.",
    },
  },
  Dynatrace: {
    scheme: "Api-Token",
    credential: "<access token>",
    byStatus: {
      200: "it took only a part of the events: others were too large or could not be read.",
      400: "it can't read the events: check log_format (json or cef).",
      401: 'authorization must read "Api-Token <access token>", with a token of this environment that has not expired.',
      402: "the licence or its log quota is spent.",
      403: "the access token lacks the scope logs.ingest.",
      404: "log ingestion is off there: check the environment's id, or the ActiveGate's log analytics collector.",
      413: "the batch is larger than Dynatrace takes: send through a relay that splits it.",
      429: "the environment's ingest limit throttles: raise it, or send through a relay that buffers.",
      503: "the ActiveGate or environment is overloaded.",
    },
    refine: ({ status, schemeIsRight }) =>
      status === 401 && schemeIsRight
        ? "the access token is of another environment, or has expired."
        : undefined,
  },
  Datadog: {
    byStatus: {
      400: "it can't read the body: check log_format (json or cef).",
      401: "the API key is missing: the endpoint needs `?dd-api-key=`.",
      403: "the API key in the endpoint's query is wrong, revoked, or belongs to another site.",
      408: "it gave up on the request: look at status.datadoghq.com.",
      413: "the batch is larger than 5 MB: send through a relay that splits it.",
      429: "it throttles: send through a relay that buffers.",
      503: "it is overloaded: look at status.datadoghq.com.",
    },
    refine: ({ status, url }) =>
      status === 401 && url.searchParams.get("dd-api-key")
        ? "it does not accept the API key in the endpoint's query: it is wrong, revoked, or belongs to another site."
        : undefined,
  },
  CrowdStrike: {
    scheme: "Bearer",
    credential: "<API key of the connector>",
    byStatus: {
      400: "it can't read the events: log_format cps fits its parsing standard; check the connector's parser.",
      401: 'authorization must read "Bearer <API key of the connector>".',
      403: "the API key is of another connector, or was replaced: generate it again on the connector's page.",
      404: "no connector has this URL: copy the API URL from the connector's page.",
      429: "the connector's ingest limit throttles.",
    },
    refine: ({ status, schemeIsRight }) =>
      status === 401 && schemeIsRight
        ? "it does not accept the API key: generate it again on the connector's page."
        : undefined,
  },
} as const satisfies Readonly<Record<string, SiemAnswers>>;

/** A service whose answers are known. */
export type SiemName = keyof typeof siemAnswers;
