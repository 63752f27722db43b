import { isLoopbackHost } from "../konnect/server-url.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a request gets to an endpoint from this machine. */
export type Route =
  /** `exempt` names the variable that excepts the host from a proxy. */
  { kind: "direct"; exempt?: string } | { kind: "proxy"; variable: string; proxy: URL };

/** In the order in which they count; curl reads them so too. */
const proxyVariables = ["https_proxy", "HTTPS_PROXY"] as const;
const exemptVariables = ["no_proxy", "NO_PROXY"] as const;

/**
 * Chooses the proxy that the environment names for an endpoint. Loopback addresses need none.
 *
 * @throws TypeError for a proxy that is no URL
 */
export function chooseRoute(endpoint: URL, env: Environment): Route {
  const variable = proxyVariables.find((name) => env[name]);
  if (!variable || endpoint.protocol !== "https:" || isLoopbackHost(endpoint.hostname)) {
    return { kind: "direct" };
  }
  const exempt = exemptVariables.find((name) => env[name]);
  if (exempt && isExempt(endpoint, env[exempt] ?? "")) return { kind: "direct", exempt };
  return { kind: "proxy", variable, proxy: new URL(env[variable] ?? "") };
}

/** A proxy without its user name and password. */
export function describeProxy({ proxy, variable }: Extract<Route, { kind: "proxy" }>): string {
  return `${proxy.protocol}//${proxy.host} (${variable})`;
}

/** A list such as `localhost, .example.com, *.internal, siem.example.com:8088`; `*` excepts every host. */
function isExempt({ hostname, port }: URL, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, pattern = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (wantedPort !== undefined && wantedPort !== (port || "443")) return false;
      const suffix = pattern.replace(/^\*?\./, ".");
      return suffix.startsWith(".")
        ? hostname.endsWith(suffix) || hostname === suffix.slice(1)
        : hostname === suffix;
    });
}
