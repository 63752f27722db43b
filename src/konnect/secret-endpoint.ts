/** Hosts of the services for which knowing the URL is enough to write to it. */
export const secretEndpointHosts = {
  sumoLogic: /\.sumologic\.com$/,
  datadog: /^http-intake\.logs\./,
} as const;

/** Says whether an endpoint is itself the credential, so that messages must mask its last segment too. */
export function isSecretEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return Object.values(secretEndpointHosts).some((host) => host.test(hostname));
}
