/** A service for which knowing the URL is enough to write to it. */
interface SecretService {
  host: RegExp;
  /** What of the path is no secret: all of it where the key is in the query. @default nothing */
  openPath?: RegExp;
}

/** Hosts of the services for which knowing the URL is enough to write to it. */
export const secretEndpointHosts = {
  sumoLogic: /\.sumologic\.com$/,
  datadog: /^http-intake\.logs\./,
  rapid7: /(?:^|\.)logs\.insight\.rapid7\.com$/,
  loggly: /(?:^|\.)loggly\.com$/,
  /** Slack's, Zapier's and others' incoming webhooks. */
  hooks: /^hooks?\.|(?:^|\.)webhook\.office\.com$|(?:^|\.)discord(?:app)?\.com$/,
} as const;

const services: readonly SecretService[] = [
  { host: secretEndpointHosts.sumoLogic, openPath: /^\/receiver\/v1\/http\// },
  { host: secretEndpointHosts.datadog, openPath: /^\/(?:api\/v2\/logs|v1\/input)$/ },
  { host: secretEndpointHosts.rapid7, openPath: /^\/v\d\/(?:noformat|structured)?\/?/ },
  { host: secretEndpointHosts.loggly, openPath: /^\/(?:bulk|inputs)\// },
  {
    host: secretEndpointHosts.hooks,
    openPath: /^\/(?:services|hooks\/catch|webhookb2|api\/webhooks)\//,
  },
];

/** True if an endpoint is itself the credential. */
export function isSecretEndpoint(endpoint: string): boolean {
  return URL.canParse(endpoint) && secretPathOf(new URL(endpoint)) !== undefined;
}

/**
 * The beginning of the path that is no secret, of an endpoint that is itself the credential; all that follows may be it.
 *
 * @returns `undefined` for services that want a credential besides
 */
export function secretPathOf({ hostname, pathname }: URL): string | undefined {
  const service = services.find(({ host }) => host.test(hostname));
  if (!service) return undefined;
  return service.openPath?.exec(pathname)?.[0] ?? "/";
}
