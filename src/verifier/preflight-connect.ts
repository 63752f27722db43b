import { connect as connectTcp, isIP, type Socket } from "node:net";
import { rootCertificates, connect as startTls, type TLSSocket } from "node:tls";
import { systemCode } from "../core/system-error.js";
import type { Route } from "../konnect/network.js";
import { openTunnel, TunnelFailure } from "../konnect/tunnel.js";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.js";

/** What a request waits for. */
export type Stage = "proxy" | "connection" | "tls" | "answer";

/** Where and how to connect. */
export interface Target {
  url: URL;
  route: Route;
  skipTlsVerification: boolean;
  /** PEM certificates of the authorities that are trusted. @default those that Node brings, which are the public ones */
  authorities?: readonly string[] | undefined;
  /** Ends the attempt to reach a proxy. */
  signal: AbortSignal;
  /** Gets each socket as soon as it exists, and ends the last one: TLS ends the connection that it stands on. */
  own: (socket: Socket) => void;
  /** Hears what is waited for. */
  onStage: (stage: Stage) => void;
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
  const { url, route, onStage } = target;
  onStage(route.kind === "proxy" ? "proxy" : "connection");
  const tcp =
    route.kind === "proxy" ? await throughProxy(target, route.proxy) : await direct(target);
  const address = route.kind === "proxy" ? undefined : tcp.remoteAddress;
  if (url.protocol !== "https:") {
    return { socket: tcp, address, certificate: undefined, distrust: undefined };
  }
  onStage("tls");
  const socket = await handshake(target, tcp);
  const x509 = socket.getPeerX509Certificate();
  const certificate = x509 && certificateFacts(x509);
  const distrust = socket.authorized ? undefined : String(socket.authorizationError);
  if (distrust && !target.skipTlsVerification) {
    throw new ConnectionFailure(distrust, certificate);
  }
  return { socket, address, certificate, distrust };
}

function direct({ url, own }: Target): Promise<Socket> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hostOf(url), port });
    socket.on("error", (error) => reject(failure(error)));
    socket.once("connect", () => resolve(socket));
    own(socket);
  });
}

async function throughProxy({ url, signal, own }: Target, proxy: URL): Promise<Socket> {
  try {
    const tunnel = await openTunnel(proxy, url, { signal });
    own(tunnel);
    return tunnel;
  } catch (error) {
    if (!(error instanceof TunnelFailure)) throw error;
    throw new ConnectionFailure(error.code, undefined, error.detail);
  }
}

function handshake({ url, authorities, own }: Target, tcp: Socket): Promise<TLSSocket> {
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
    socket.on("error", (error) => reject(failure(error)));
    socket.once("close", () => reject(new ConnectionFailure("TLS_CLOSED")));
    own(socket);
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
