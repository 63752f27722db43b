import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { systemCode } from "../receiver/errors.js";
import type { CertificateFacts } from "./certificate-facts.js";
import { type Connection, ConnectionFailure, openConnection } from "./preflight-connect.js";
import type { Route } from "./preflight-route.js";

/** One POST as Konnect makes it. */
export interface Post {
  endpoint: URL;
  route: Route;
  authorization: string;
  body: Buffer;
  skipTlsVerification: boolean;
  /** PEM certificates. @default the public ones */
  authorities?: readonly string[] | undefined;
  /** Milliseconds for all of it. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/** What came of a POST. */
export type PostResult =
  | {
      kind: "answered";
      status: number;
      /** Where a redirect leads to. */
      location: string | undefined;
      /** The answer's beginning. */
      text: string;
      connection: Omit<Connection, "socket">;
    }
  /** `code` is Node's or OpenSSL's, `TIMEOUT`, `TLS_CLOSED`, `PROXY_UNREACHABLE` or `PROXY_REFUSED`. */
  | { kind: "failed"; code: string; certificate?: CertificateFacts; detail?: string };

/** How much of an answer is read. */
const answerLimit = 2_048;

/**
 * Posts once, following no redirect and keeping no connection. The credential is sent to nobody whose certificate is not
 * trusted.
 *
 * @throws the signal's reason when the user stops it
 */
export async function post(options: Post): Promise<PostResult> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.timeout);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout.signal])
    : timeout.signal;
  let socket: Socket | undefined;
  try {
    const connection = await openConnection({ ...options, url: options.endpoint, signal });
    socket = connection.socket;
    return await send(connection, options, signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    return { kind: "failed", ...(timeout.signal.aborted ? { code: "TIMEOUT" } : reasonOf(error)) };
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

function reasonOf(error: unknown): Omit<Extract<PostResult, { kind: "failed" }>, "kind"> {
  if (!(error instanceof ConnectionFailure)) return { code: systemCode(error) };
  const { code, certificate, detail } = error;
  return {
    code,
    ...(certificate === undefined ? {} : { certificate }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function send(
  { socket, ...connection }: Connection,
  { endpoint, authorization, body }: Post,
  signal: AbortSignal,
): Promise<PostResult> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method: "POST",
      path: `${endpoint.pathname}${endpoint.search}`,
      signal,
      headers: {
        host: endpoint.host,
        "content-type": "text/plain",
        "content-encoding": "gzip",
        "content-length": body.length,
        authorization,
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      const answer = { kind: "answered", status, location: headers.location, connection } as const;
      readBeginning(response).then((text) => resolve({ ...answer, text }), reject);
    });
    request.end(body);
  });
}

async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= answerLimit) break;
  }
  return Buffer.concat(chunks).subarray(0, answerLimit).toString("utf8");
}
