import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";
import type { ServerIdentity } from "./certificate.js";

/**
 * Lets authenticated connections through to the gRPC server. With a client certificate that is
 * mutual TLS for exactly this client; without one (reattach mode, TF_DISABLE_PLUGIN_TLS) plain HTTP/2.
 *
 * @param onConnection told of each connection that was let through
 * @returns what takes the connections of a listening server
 */
export function createTransport(
  grpc: Http2Server,
  security: { identity: ServerIdentity; clientCertificate: string } | undefined,
  onConnection: () => void,
): (socket: Socket) => void {
  const accept = (socket: Socket) => {
    onConnection();
    grpc.emit("connection", socket);
  };
  if (!security) return accept;

  // Not imported: it takes 8 ms, which pass while Terraform reads the handshake line.
  const tls = process.getBuiltinModule("node:tls");
  const pinned = derOf(security.clientCertificate);
  const server = tls.createServer(
    {
      key: security.identity.key,
      cert: security.identity.cert,
      // Node would parse its 140 root certificates otherwise, for 50 ms. They have no say here:
      // the handshake proves that the peer has the key, the comparison below that it is Terraform's.
      ca: [],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      ALPNProtocols: ["h2"],
    },
    (socket) => {
      const peer = socket.getPeerX509Certificate();
      if (!peer?.raw.equals(pinned)) {
        socket.destroy();
        return;
      }
      accept(socket);
    },
  );
  // Whoever fails the handshake is not Terraform; the socket is closed already.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return (socket) => void server.emit("connection", socket);
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s+/g, ""), "base64");
}
