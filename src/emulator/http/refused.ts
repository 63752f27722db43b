import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Problem, problems } from "../problem.js";
import { problemReply } from "./message.js";
import { allowedMethods } from "./route.js";

/** Every method that some operation has. */
export const everyMethod = allowedMethods(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** The problem behind what Node's HTTP parser could not read. */
export function parserProblem(error: NodeJS.ErrnoException): Problem {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new Problem(
        431,
        "Request Header Fields Too Large",
        "Request headers are too large",
        "kong",
      );
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return problems.bodyTooLarge();
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Problem(408, "Request Timeout", "The request did not arrive in time", "kong");
    default:
      return new Problem(400, "Bad Request", "The request is no HTTP", "kong");
  }
}

/** Answers a connection that has no request object to answer, and closes it. */
export function refuseConnection(
  socket: Duplex,
  problem: Problem,
  trace: string,
  now: number,
): void {
  const { status, contentType, body, headers } = problemReply(problem, trace);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Date: ${new Date(now).toUTCString()}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
