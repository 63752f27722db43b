import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { rootCertificates, connect as startTls, type TLSSocket } from "node:tls";
import { systemCode } from "../receiver/errors.js";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.js";
import type { Route } from "./preflight-route.js";

/** Where and how to connect. */
export interface Target {
  url: URL;
  route: Route;
  skipTlsVerification: boolean;
  /** PEM certificates of the authorities that are trusted. @default those that Node brings, which are the public ones */
  authorities?: readonly string[] | undefined;
  signal: AbortSignal;
}

/** A connection over which a request may be sent. */
export interface Connection {
  socket: Socket;
  /** The address that answers; unknown behind a proxy. */
  address: string | undefined;
  certificate: CertificateFacts | undefined;
  /** Why the certificate is not trusted, where that was not to matter. */
  distrust: string | undefined;
}

/** Why there is no connection. */
export class ConnectionFailure extends Error {
  override readonly name = "ConnectionFailure";

  constructor(
    /** Node's or OpenSSL's, or `PROXY_UNREACHABLE`, `PROXY_REFUSED`. */
    readonly code: string,
    readonly certificate?: CertificateFacts,
    /** What a proxy answered, or the code of its failure. */
    readonly detail?: string,
  ) {
    super(code);
  }
}

/**
 * Connects and, for https, checks the certificate: nothing has been sent yet when that is not trusted.
 *
 * Only public authorities count, whatever NODE_EXTRA_CA_CERTS or the system adds on this machine: Konnect knows no others.
 *
 * @throws ConnectionFailure, or the signal's reason
 */
export async function openConnection(target: Target): Promise<Connection> {
  const { url, route } = target;
  const tcp =
    route.kind === "proxy" ? await throughProxy(target, route.proxy) : await direct(target);
  const address = route.kind === "proxy" ? undefined : tcp.remoteAddress;
  if (url.protocol !== "https:") {
    return { socket: tcp, address, certificate: undefined, distrust: undefined };
  }
  const socket = await handshake(target, tcp);
  const x509 = socket.getPeerX509Certificate();
  const certificate = x509 && certificateFacts(x509);
  const distrust = socket.authorized ? undefined : String(socket.authorizationError);
  if (distrust && !target.skipTlsVerification) {
    socket.destroy();
    throw new ConnectionFailure(distrust, certificate);
  }
  return { socket, address, certificate, distrust };
}

function direct({ url, signal }: Target): Promise<Socket> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hostOf(url), port, signal });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error) => reject(failure(error)));
  });
}

function throughProxy({ url, signal }: Target, proxy: URL): Promise<Socket> {
  const authority = `${url.hostname}:${url.port || 443}`;
  const credential = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? httpsRequest : httpRequest)({
      host: hostOf(proxy),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      agent: false,
      signal,
      headers: {
        host: authority,
        ...(proxy.username
          ? { "proxy-authorization": `Basic ${Buffer.from(credential).toString("base64")}` }
          : {}),
      },
    });
    request.once("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(new ConnectionFailure("PROXY_REFUSED", undefined, String(statusCode)));
    });
    request.once("error", (error) =>
      reject(new ConnectionFailure("PROXY_UNREACHABLE", undefined, systemCode(error))),
    );
    request.end();
  });
}

function handshake({ url, authorities }: Target, tcp: Socket): Promise<TLSSocket> {
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const socket = startTls({
      socket: tcp,
      host,
      ...(isIP(host) ? {} : { servername: host }),
      ca: [...(authorities ?? rootCertificates)],
      // The certificate is judged here, so that it can be told what is wrong with it.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      ALPNProtocols: ["http/1.1"],
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", (error) => reject(failure(error)));
    socket.once("close", () => reject(new ConnectionFailure("TLS_CLOSED")));
  });
}

/** OpenSSL's reasons that Node leaves in the message of an EPROTO get the name that it gives to others. */
function failure(error: Error): ConnectionFailure {
  const code = systemCode(error);
  const [, reason] = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/i.exec(error.message) ?? [];
  return new ConnectionFailure(
    code === "EPROTO" && reason
      ? `ERR_SSL_${reason.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`
      : code,
  );
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
