import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Cleaner } from "../core/foreign-text.js";
import { systemCode } from "../core/system-error.js";
import type { OnRefusal } from "./delivery-route.js";

interface ConnectionError extends Error {
  code?: string;
  rawPacket?: Buffer;
}

/** Statuses of what breaks HTTP in a way that has one of its own; of everything else 400. */
const statusOf: Readonly<Record<string, [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Payload Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/**
 * Answers what is no HTTP, and tells why; tells what happens to the server itself once it runs.
 *
 * @returns the connections of which it was told, so that a delivery that breaks off with them is not told again
 */
export function watchBrokenConnections(
  server: Server,
  onRefusal: OnRefusal,
  clean: Cleaner,
): WeakSet<Duplex> {
  const told = new WeakSet<Duplex>();
  server.on("clientError", (error: ConnectionError, socket: Duplex) => {
    const [status, text] = statusOf[error.code ?? ""] ?? [400, "Bad Request"];
    // Whoever is gone is told of as a delivery that broke off, if it was one; whoever has its answer gets no second.
    if (socket.writable && !isAnswered(socket)) {
      socket.write(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
      onRefusal(status, clean(reasonOf(error)));
      told.add(socket);
    }
    socket.destroy(error);
  });
  server.on("tlsClientError", (error: ConnectionError, socket: TLSSocket) => {
    if (error.code !== "ECONNRESET") onRefusal(undefined, clean(tlsReasonOf(error)));
    socket.destroy(error);
  });
  // Too many open files, for one: a connection is lost, but not the receiver.
  server.on("error", (error) =>
    onRefusal(undefined, clean(`a connection could not be accepted (${systemCode(error)})`)),
  );
  return told;
}

/** Node's own handler looks at the same member. */
function isAnswered(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return response?.headersSent === true;
}

function reasonOf({ code, rawPacket }: ConnectionError): string {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "the request was not complete in time";
  if (code === "HPE_INVALID_EOF_STATE") return "the sender hung up before its request was complete";
  if (rawPacket?.[0] === 0x16) return "the sender speaks TLS, this receiver plain HTTP";
  return `the request is no HTTP (${code ?? "unknown cause"})`;
}

function tlsReasonOf({ code }: ConnectionError): string {
  if (code === "ERR_SSL_HTTP_REQUEST") return "the sender speaks plain HTTP, this receiver HTTPS";
  if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "the TLS handshake was not complete in time";
  return `the TLS handshake failed (${code ?? "unknown cause"})`;
}
