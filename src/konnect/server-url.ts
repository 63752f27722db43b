import { konnectErrors } from "./errors.js";

/** Konnect's own hosts. `{region}` is replaced by the region of each request. */
export const defaultServerUrl = "https://{region}.api.konghq.com";

const placeholder = "{region}";

/**
 * Answers the base URL that serves one region, without a trailing slash.
 *
 * A `serverUrl` without `{region}` serves only the region that its host names: a fixed host would otherwise receive
 * every region's settings.
 *
 * @param serverUrl a URL, usually with `{region}` in it
 * @throws KonnectError `KONNECT_SERVER_URL_INVALID` or `KONNECT_SERVER_URL_REGION`
 */
export function regionBaseUrl(serverUrl: string, region: string): string {
  const url = parseServerUrl(serverUrl, region);
  if (!serverUrl.includes(placeholder) && url.hostname.split(".")[0] !== region) {
    throw konnectErrors.serverUrlOfAnotherRegion(serverUrl, region);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * The server URL to use, checked before any request is made.
 *
 * An argument beats the environment, and an empty one is not taken for none: what it was to name may be another server than
 * the environment's. An empty or blank variable is none, as pipelines set variables to nothing where others unset them.
 *
 * @param argument `server_url`, null where it is not given
 * @param inEnvironment `KONNECT_SERVER_URL`
 * @throws KonnectError `KONNECT_SERVER_URL_INVALID`
 */
export function chooseServerUrl(
  argument: string | null,
  inEnvironment: string | undefined,
): string {
  if (argument !== null) {
    parseServerUrl(argument, "us", "server_url");
    return argument;
  }
  const given = inEnvironment?.trim();
  if (!given) return defaultServerUrl;
  parseServerUrl(given, "us", "KONNECT_SERVER_URL");
  return given;
}

function parseServerUrl(serverUrl: string, region: string, source?: string): URL {
  const invalid = (reason: string) => konnectErrors.serverUrlInvalid(reason, source);
  const filled = serverUrl.replaceAll(placeholder, region);
  if (!URL.canParse(filled)) {
    throw invalid("it is not an absolute URL");
  }
  const url = new URL(filled);
  if (url.username || url.password) throw invalid("it holds a user name");
  if (url.search || url.hash) throw invalid("it holds a query or fragment");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname))) {
    return url;
  }
  throw invalid(
    "it must start with https:// (http:// is for loopback addresses only, because the token travels with every request)",
  );
}

/** True if a URL's host name is this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
