import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { cleanText } from "../core/foreign-text.js";
import { isReaderGone } from "../core/process-endings.js";
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
export function watchBrokenConnections(server: Server, onRefusal: OnRefusal): WeakSet<Duplex> {
  const told = new WeakSet<Duplex>();
  // A failed TLS handshake comes here, too.
  server.on("clientError", (error: ConnectionError, socket: Duplex) => {
    const code = error.code ?? "";
    if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
      onRefusal(undefined, cleanText(tlsReasonOf(code)));
    } else if (socket.writable && !isAnswered(socket) && !isReaderGone(error)) {
      const [status, text] = statusOf[code] ?? [400, "Bad Request"];
      socket.write(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
      // A sender that has hung up is told of by its delivery.
      if (code !== "HPE_INVALID_EOF_STATE") {
        onRefusal(status, cleanText(reasonOf(code, error.rawPacket)));
        told.add(socket);
      }
    }
    socket.destroy(error);
  });
  // Too many open files, for one: a connection is lost, but not the receiver.
  server.on("error", (error) =>
    onRefusal(undefined, cleanText(`a connection could not be accepted (${systemCode(error)})`)),
  );
  return told;
}

/** Node's own handler looks at the same member. */
function isAnswered(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return response?.headersSent === true;
}

function reasonOf(code: string, rawPacket: Buffer | undefined): string {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "the request was not complete in time";
  if (rawPacket?.[0] === 0x16) return "the sender speaks TLS, this receiver plain HTTP";
  return `the request is no HTTP (${code || "unknown cause"})`;
}

function tlsReasonOf(code: string): string {
  if (code === "ERR_SSL_HTTP_REQUEST") return "the sender speaks plain HTTP, this receiver HTTPS";
  if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "the TLS handshake was not complete in time";
  return `the TLS handshake failed (${code})`;
}
