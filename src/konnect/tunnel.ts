import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { systemCode } from "../core/system-error.js";

/** Why a proxy opened no tunnel. */
export class TunnelFailure extends Error {
  override readonly name = "TunnelFailure";
  readonly code: "PROXY_UNREACHABLE" | "PROXY_REFUSED";
  /** The status that the proxy answered, or the code of its failure. */
  readonly detail: string;

  constructor(code: TunnelFailure["code"], detail: string) {
    super(`${code} ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Has an HTTP proxy open a tunnel to a host (CONNECT).
 *
 * @param proxy an http or https URL, with user name and password where the proxy asks for them
 * @param target the host and port that the tunnel leads to
 * @param options.signal ends the attempt; the tunnel, once it is there, belongs to the caller
 * @throws TunnelFailure, or the signal's reason
 */
export function openTunnel(
  proxy: URL,
  target: URL,
  { signal }: { signal: AbortSignal },
): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || (target.protocol === "https:" ? 443 : 80)}`;
  const secure = proxy.protocol === "https:";
  const authorization = proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = (secure ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (secure ? 443 : 80),
      method: "CONNECT",
      path: authority,
      agent: false,
      signal,
      headers: {
        host: authority,
        ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
      },
    });
    request.once("connect", ({ statusCode = 0 }, stream, head) => {
      const socket = stream as Socket;
      // Whoever uses the tunnel hears of its end by other ways; an error that nobody listens to would end the process.
      socket.on("error", () => undefined);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return reject(new TunnelFailure("PROXY_REFUSED", String(statusCode)));
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on("error", (error) =>
      reject(
        signal.aborted ? signal.reason : new TunnelFailure("PROXY_UNREACHABLE", systemCode(error)),
      ),
    );
    request.end();
  });
}

/** The `Proxy-Authorization` that a proxy's URL asks for; `undefined` without a user name and password. */
function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const credential = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(credential, "utf8").toString("base64")}`;
}

/** Undoes URL encoding; a text with a bare `%`, which none can hold, is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
