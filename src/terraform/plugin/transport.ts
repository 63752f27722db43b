import type { Http2Server } from "node:http2";
import net from "node:net";
import tls from "node:tls";
import type { ServerIdentity } from "./certificate.js";

/**
 * Lets authenticated connections through to the gRPC server. With a client certificate that is
 * mutual TLS for exactly this client; without one (reattach mode, TF_DISABLE_PLUGIN_TLS) plain HTTP/2.
 */
export function createTransport(
  grpc: Http2Server,
  security: { identity: ServerIdentity; clientCertificate: string } | undefined,
  onConnection: () => void,
): net.Server {
  const accept = (socket: net.Socket) => {
    onConnection();
    grpc.emit("connection", socket);
  };
  if (!security) return net.createServer(accept);

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
  return server;
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s+/g, ""), "base64");
}
