import type { Socket } from "node:net";
import type { GrpcServer } from "../grpc/server.js";
import type { ServerIdentity } from "./certificate.js";
import { postponeOptimizer } from "./optimizer.js";

/**
 * Lets authenticated connections through to the gRPC server. With a client certificate that is
 * mutual TLS for exactly this client; without one (reattach mode, TF_DISABLE_PLUGIN_TLS) plain HTTP/2.
 *
 * @param onConnection told of each connection that was let through
 * @returns what takes the connections of a listening server
 */
export function createTransport(
  grpc: GrpcServer,
  security: { identity: ServerIdentity; clientCertificate: string } | undefined,
  onConnection: () => void,
): (socket: Socket) => void {
  const accept = (socket: Socket) => {
    onConnection();
    grpc.connect(socket);
  };
  if (!security) return accept;

  // Not imported: that would cost every start before the handshake line.
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
  const prepare = () => {
    grpc.prepare();
    postponeOptimizer();
  };
  // Whoever fails the handshake is not Terraform; the socket is closed already.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return (socket) => {
    server.emit("connection", socket);
    // Two turns on, our half of the handshake has left, and the peer has a certificate to check and to prove: HTTP/2 is
    // loaded meanwhile.
    setImmediate(() => setImmediate(prepare));
  };
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s+/g, ""), "base64");
}
