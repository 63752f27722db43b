import { readRegularTextSync } from "../core/whole-file.js";
import { konnectErrors } from "./errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The name under which the provider's launcher hands on NODE_EXTRA_CA_CERTS: Node itself would read the file at every
 * start, long before it is known whether Konnect is called at all.
 */
const extraCaVariable = "KONNECT_AUDIT_EXTRA_CA_CERTS";

/** The proxies that the environment names, and the hosts that are reached without. */
export interface ProxySettings {
  /** URLs; undefined: no proxy. */
  httpProxy: string | undefined;
  httpsProxy: string | undefined;
  /** Hosts that no proxy is used for, separated by commas; `*` is all of them. */
  noProxy: string;
  /** The variables that the values come from, for messages. */
  variables: {
    http?: string | undefined;
    https?: string | undefined;
    noProxy?: string | undefined;
  };
}

/** What the environment says of the way to Konnect. */
export interface NetworkSettings extends ProxySettings {
  /** Certificates (PEM) to trust besides the public ones. */
  extraCa: string | undefined;
}

/** How a request gets to a host from this machine. */
export type Route =
  /** `exempt` names the variable that excepts the host from a proxy. */
  { kind: "direct"; exempt?: string } | { kind: "proxy"; variable: string; proxy: URL };

const loopback = "localhost,127.0.0.1,::1";

/**
 * Reads the proxy and the additional certificates from the environment.
 *
 * @throws KonnectError `KONNECT_PROXY_INVALID` or `KONNECT_CA_UNREADABLE`
 */
export function readNetworkSettings(env: Environment): NetworkSettings {
  return { ...readProxySettings(env), extraCa: readExtraCa(env[extraCaVariable]) };
}

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. The lower-case name counts before the other, and an empty or blank value
 * counts as none.
 *
 * @throws KonnectError `KONNECT_PROXY_INVALID`
 */
export function readProxySettings(env: Environment): ProxySettings {
  const http = firstSet(env, ["http_proxy", "HTTP_PROXY"]);
  const https = firstSet(env, ["https_proxy", "HTTPS_PROXY"]);
  const noProxy = firstSet(env, ["no_proxy", "NO_PROXY"]);
  const exempt = noProxy?.value ?? "";
  return {
    httpProxy: http && proxyUrl(http),
    httpsProxy: https && proxyUrl(https),
    // The wildcard counts only when it stands alone.
    noProxy: exempt === "*" ? "*" : exempt === "" ? loopback : `${exempt},${loopback}`,
    variables: { http: http?.name, https: https?.name, noProxy: noProxy?.name },
  };
}

/**
 * Chooses the way to a URL: `HTTPS_PROXY` serves https, `HTTP_PROXY` serves http, and loopback addresses need no proxy.
 *
 * @param url an http or https URL; its path does not matter
 */
export function chooseRoute(url: URL, settings: ProxySettings): Route {
  const secure = url.protocol === "https:";
  const proxy = secure ? settings.httpsProxy : settings.httpProxy;
  const variable = secure ? settings.variables.https : settings.variables.http;
  if (proxy === undefined || variable === undefined || isExempt(url, loopback)) {
    return { kind: "direct" };
  }
  if (isExempt(url, settings.noProxy)) {
    return { kind: "direct", exempt: settings.variables.noProxy ?? "NO_PROXY" };
  }
  return { kind: "proxy", variable, proxy: new URL(proxy) };
}

/** A proxy without its user name and password. */
export function describeProxy({ proxy, variable }: Extract<Route, { kind: "proxy" }>): string {
  return `${proxy.protocol}//${proxy.host} (${variable})`;
}

/**
 * True if a list such as `localhost, .example.com, *.internal, siem.example.com:8088` holds the host. A name holds its
 * subdomains too, with and without a dot before it, as curl and Go read it.
 */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  if (list === "*") return true;
  const host = withoutBrackets(hostname).replace(/\.$/, "");
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  return list.split(/[\s,]+/).some((entry) => {
    const { name, wantedPort } = readExemption(entry.toLowerCase());
    if (name === "" || (wantedPort !== undefined && wantedPort !== ownPort)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}

/** A host and perhaps a port; an IPv6 address with a port stands in brackets. */
function readExemption(entry: string): { name: string; wantedPort: string | undefined } {
  const [, bracketed, host, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? host ?? entry;
  return { name: name.replace(/^\*?\./, "").replace(/\.$/, ""), wantedPort: port };
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

interface SetVariable {
  name: string;
  value: string;
}

function firstSet(env: Environment, names: readonly string[]): SetVariable | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function proxyUrl({ name, value }: SetVariable): string {
  // `proxy.example.com:3128`, as curl and others take it.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol)) return url;
  throw konnectErrors.proxyInvalid(name);
}

function readExtraCa(path: string | undefined): string | undefined {
  if (!path) return undefined;
  let text: string;
  try {
    text = readRegularTextSync(path);
  } catch (cause) {
    throw konnectErrors.caUnreadable(path, cause);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw konnectErrors.caUnreadable(path);
}
