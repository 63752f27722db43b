import { readFileSync } from "node:fs";
import { konnectErrors } from "./errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The name under which the provider's launcher hands on NODE_EXTRA_CA_CERTS: Node itself would read the file at every
 * start, long before it is known whether Konnect is called at all.
 */
const extraCaVariable = "KONNECT_AUDIT_EXTRA_CA_CERTS";

/** What the environment says of the way to Konnect. */
export interface NetworkSettings {
  /** URLs; undefined: no proxy. */
  httpProxy: string | undefined;
  httpsProxy: string | undefined;
  /** Hosts that no proxy is used for, separated by commas; `*` is all of them. */
  noProxy: string;
  /** Certificates (PEM) to trust besides the public ones. */
  extraCa: string | undefined;
}

const loopback = "localhost,127.0.0.1,::1";

/**
 * Reads the proxy and the additional certificates from the environment.
 *
 * @throws KonnectError `KONNECT_PROXY_INVALID` or `KONNECT_CA_UNREADABLE`
 */
export function readNetworkSettings(env: Environment): NetworkSettings {
  const exempt = env.no_proxy ?? env.NO_PROXY ?? "";
  return {
    httpProxy: proxyFrom(env, ["http_proxy", "HTTP_PROXY"]),
    httpsProxy: proxyFrom(env, ["https_proxy", "HTTPS_PROXY"]),
    // The wildcard counts only when it stands alone.
    noProxy: exempt.trim() === "*" ? "*" : exempt === "" ? loopback : `${exempt},${loopback}`,
    extraCa: readExtraCa(env[extraCaVariable]),
  };
}

function proxyFrom(env: Environment, names: readonly [string, string]): string | undefined {
  const name = names.find((each) => env[each] !== undefined);
  const value = name && env[name]?.trim();
  if (!name || !value) return undefined;
  // `proxy.example.com:3128`, as curl and others take it.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol)) return url;
  throw konnectErrors.proxyInvalid(name);
}

function readExtraCa(path: string | undefined): string | undefined {
  if (!path) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw konnectErrors.caUnreadable(path, cause);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw konnectErrors.caUnreadable(path);
}
