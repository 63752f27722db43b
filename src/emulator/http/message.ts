import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJson } from "../../core/json.js";
import { type Problem, problems } from "../problem.js";

const maxBodyBytes = 1024 * 1024;

/**
 * Reads a request's body.
 *
 * @throws Problem 413 above 1 MiB
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open at the limit, so that the 413 still reaches its sender.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBodyBytes) throw problems.bodyTooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * Parses a body as JSON.
 *
 * @throws Problem 415 if it is not sent as JSON, 400 if it is none
 */
export function parseBody(body: Buffer, { headers }: IncomingMessage): unknown {
  if (!isJson(headers["content-type"])) throw problems.notJson();
  const value = parseJson(body.toString("utf8"));
  if (value === undefined) throw problems.bodyInvalid();
  return value;
}

/** True if a `Content-Type` is that of JSON, whatever its parameters are. */
export function isJson(contentType = ""): boolean {
  return /^application\/json[\t ]*(;|$)/i.test(contentType);
}

/** An answer as it goes out. */
export interface Reply {
  status: number;
  contentType: string | undefined;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

/** An answer in JSON, or none at all. */
export function jsonReply(status: number, body: unknown): Reply {
  if (body === undefined) return { status, contentType: undefined, body: "" };
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}

/** A problem as an answer. */
export function problemReply(problem: Problem, trace: string): Reply {
  return {
    status: problem.status,
    contentType: "application/problem+json",
    body: JSON.stringify(problem.toBody(trace)),
    headers: problem.headers,
  };
}

/** Sends an answer with the `Date` that the emulator's clock shows. */
export function writeReply(response: ServerResponse, reply: Reply, now: number): void {
  response.sendDate = false; // node:http would put the machine's time there
  response.setHeader("Date", new Date(now).toUTCString());
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.contentType) response.setHeader("Content-Type", reply.contentType);
  if (reply.status === 413) response.setHeader("Connection", "close");
  // Known beforehand, and so one write; 204 has none by HTTP's rules.
  if (reply.status !== 204) response.setHeader("Content-Length", Buffer.byteLength(reply.body));
  response.writeHead(reply.status);
  response.end(reply.body);
}
