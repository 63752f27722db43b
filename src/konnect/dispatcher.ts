import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { readNetworkSettings } from "./network.js";

/** Connections to one host; as many requests as Terraform's parallelism allows must fit side by side. */
const connections = 64;

/**
 * undici's dispatcher for calls to Konnect: kept-alive connections, the environment's proxy, additional certificates.
 *
 * @throws KonnectError when the environment names a proxy or certificates that can't be used
 */
export function createDispatcher(env: Readonly<Record<string, string | undefined>>): Dispatcher {
  const { httpProxy, httpsProxy, noProxy, extraCa } = readNetworkSettings(env);
  const connect = extraCa ? { ca: [...rootCertificates, extraCa] } : {};
  if (!httpProxy && !httpsProxy) return new Agent({ connections, connect });
  return new EnvHttpProxyAgent({
    ...{ connections, connect, requestTls: connect, noProxy },
    // Empty, not absent: undici would look into the process's own environment.
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
  });
}
