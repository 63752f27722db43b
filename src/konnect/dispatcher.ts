import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

type Environment = Readonly<Record<string, string | undefined>>;

/** Connections to one host; as many requests as Terraform's parallelism allows must fit side by side. */
const connections = 64;

/**
 * The name under which the provider's launcher hands on NODE_EXTRA_CA_CERTS: Node itself would read the file at every
 * start, long before it is known whether Konnect is called at all.
 */
export const extraCaVariable = "KONNECT_AUDIT_EXTRA_CA_CERTS";

const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] as const;

/**
 * undici's dispatcher for calls to Konnect: kept-alive connections, the environment's proxy, additional certificates.
 *
 * @throws Error when the file with additional certificates can't be read
 */
export function createDispatcher(env: Environment): Dispatcher {
  const extra = env[extraCaVariable];
  const connect = extra ? { ca: [...rootCertificates, readFileSync(extra, "utf8")] } : {};
  if (!proxyVariables.some((name) => env[name])) return new Agent({ connections, connect });
  const loopback = "localhost,127.0.0.1,::1";
  const configured = env.no_proxy ?? env.NO_PROXY;
  return new EnvHttpProxyAgent({
    connections,
    connect,
    requestTls: connect,
    noProxy: configured ? `${configured},${loopback}` : loopback,
  });
}
