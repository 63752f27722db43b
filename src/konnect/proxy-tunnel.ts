import type { buildConnector } from "undici";
import { systemCode } from "../core/system-error.js";

/** Why no way leads through a proxy. */
class ProxyError extends Error {
  override readonly name = "ProxyError";

  constructor(
    readonly code: string,
    cause: Error,
  ) {
    super("the proxy opened no tunnel", { cause });
  }
}

/**
 * A way through a proxy that fails when the proxy closes it. undici takes a connection that is closed for one that was idle
 * too long, and asks such a proxy again and again, without a pause or an end.
 *
 * @param open opens the tunnel; a connector without a proxy is left as it is
 */
export function endingTunnel(open: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    open(options, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(tunnelError(error), null);
    });
}

function tunnelError(error: Error): Error {
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  if (status !== undefined) return new ProxyError(`PROXY_ANSWERED_${status}`, error);
  if (systemCode(error) === "UND_ERR_SOCKET") return new ProxyError("PROXY_CLOSED", error);
  return error;
}
