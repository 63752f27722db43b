import { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { readNetworkSettings } from "./network.js";
import { endingTunnel } from "./proxy-tunnel.js";

/** Connections to one host; as many requests as Terraform's parallelism allows must fit side by side. */
const connections = 64;

/** Connections that are being made: undici ends them only when they are there, or after ten seconds. */
const unfinished = new WeakMap<Dispatcher, Set<Socket>>();

/**
 * undici's dispatcher for calls to Konnect: kept-alive connections, the environment's proxy, additional certificates.
 *
 * To be ended by `closeDispatcher`.
 *
 * @throws KonnectError when the environment names a proxy or certificates that can't be used
 */
export function createDispatcher(env: Readonly<Record<string, string | undefined>>): Dispatcher {
  const { httpProxy, httpsProxy, noProxy, extraCa } = readNetworkSettings(env);
  const tls = extraCa ? { ca: [...rootCertificates, extraCa] } : {};
  const sockets = new Set<Socket>();
  const connect = remembering(buildConnector(tls), sockets);
  const dispatcher =
    !httpProxy && !httpsProxy
      ? new Agent({ connections, connect })
      : new EnvHttpProxyAgent({
          connections,
          connect,
          requestTls: tls,
          noProxy,
          // Empty, not absent: undici would look into the process's own environment.
          httpProxy: httpProxy ?? "",
          httpsProxy: httpsProxy ?? "",
          clientFactory: (proxy, options: Pool.Options) =>
            new Pool(proxy, { ...options, connect: remembering(connectorOf(options), sockets) }),
          factory: (origin, options: Pool.Options) =>
            new Pool(origin, { ...options, connect: endingTunnel(connectorOf(options)) }),
        });
  unfinished.set(dispatcher, sockets);
  return dispatcher;
}

/** Ends a dispatcher at once: its requests, and its connections, also those that are still being made. */
export async function closeDispatcher(dispatcher: Dispatcher): Promise<void> {
  for (const socket of unfinished.get(dispatcher) ?? []) socket.destroy();
  await dispatcher.destroy();
}

function connectorOf({ connect }: Pool.Options): buildConnector.connector {
  return typeof connect === "function" ? connect : buildConnector(connect ?? {});
}

/** A connector whose connections are in `sockets` until they are made or have failed. */
function remembering(
  connect: buildConnector.connector,
  sockets: Set<Socket>,
): buildConnector.connector {
  return (options, callback) => {
    let socket: unknown;
    socket = connect(options, (...result) => {
      if (socket instanceof Socket) sockets.delete(socket);
      callback(...result);
    });
    if (socket instanceof Socket) sockets.add(socket);
  };
}
