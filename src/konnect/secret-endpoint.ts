/** A service for which knowing the URL is enough to write to it. */
interface SecretService {
  host: RegExp;
  /** What of the path is no secret: all of it where the key is in the query. */
  openPath: RegExp;
}

/** Hosts of the services for which knowing the URL is enough to write to it. */
export const secretEndpointHosts = {
  sumoLogic: /\.sumologic\.com$/,
  datadog: /^http-intake\.logs\./,
  rapid7: /(?:^|\.)logs\.insight\.rapid7\.com$/,
  loggly: /(?:^|\.)loggly\.com$/,
  /** Incoming webhooks of Slack, Zapier, Microsoft and Discord. */
  incomingWebhooks:
    /^hooks\.(?:slack|slack-gov|zapier)\.com$|\.webhook\.office\.com$|^discord(?:app)?\.com$/,
} as const;

/** Hosts whose name says that they take incoming webhooks. Their URLs are masked, but need not be the only credential. */
const hookHost = /^(?:web-?)?hooks?\./;
const hookPath = /^\/(?:services|hooks\/catch|webhookb2|api\/webhooks)\//;

const services: readonly SecretService[] = [
  { host: secretEndpointHosts.sumoLogic, openPath: /^\/(?:receiver\/v\d\/)?http\// },
  { host: secretEndpointHosts.datadog, openPath: /^\/(?:api\/v2\/logs|v1\/input)$/ },
  { host: secretEndpointHosts.rapid7, openPath: /^\/v\d\/(?:noformat|structured)?\/?/ },
  { host: secretEndpointHosts.loggly, openPath: /^\/(?:bulk|inputs)\// },
  { host: secretEndpointHosts.incomingWebhooks, openPath: hookPath },
];

/** True if an endpoint is itself the credential. */
export function isSecretEndpoint(endpoint: string): boolean {
  return URL.canParse(endpoint) && serviceOf(new URL(endpoint)) !== undefined;
}

/**
 * The beginning of the path that is no secret, of an endpoint that is itself the credential or may well be; all that
 * follows is masked.
 *
 * @returns `undefined` for services that want a credential besides
 */
export function openPathOf(url: URL): string | undefined {
  const service =
    serviceOf(url) ?? (hookHost.test(url.hostname) ? { openPath: hookPath } : undefined);
  if (!service) return undefined;
  return service.openPath.exec(url.pathname)?.[0] ?? "/";
}

function serviceOf({ hostname }: URL): SecretService | undefined {
  return services.find(({ host }) => host.test(hostname));
}
