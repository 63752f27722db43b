import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { startDeadline } from "../core/deadline.js";
import { systemCode } from "../core/system-error.js";
import { untilAborted } from "../core/until-aborted.js";
import type { Route } from "../konnect/network.js";
import type { CertificateFacts } from "./certificate-facts.js";
import {
  type Connection,
  ConnectionFailure,
  openConnection,
  type Stage,
} from "./preflight-connect.js";

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
      /** The answer's beginning, as far as it came; empty where it is compressed. */
      text: string;
      connection: Omit<Connection, "socket">;
    }
  | {
      kind: "failed";
      /** Node's or OpenSSL's, `TIMEOUT`, `TLS_CLOSED`, `HTTP2_ONLY`, `PROXY_UNREACHABLE` or `PROXY_REFUSED`. */
      code: string;
      /** What was waited for when it failed. */
      stage: Stage;
      certificate?: CertificateFacts;
      /** What a proxy answered, or the code of its failure. */
      detail?: string;
    };

/** Bytes of an answer that are read. */
const answerLimit = 2_048;

/** Milliseconds that the answer's body has after its head, which alone decides. */
const bodyTime = 2_000;

/**
 * Posts once, following no redirect and keeping no connection. The credential is sent to nobody whose certificate is not
 * trusted.
 *
 * All of it ends within the time-out, whatever the endpoint or a proxy does, and each socket ends with it.
 *
 * @throws the signal's reason when the user stops it
 */
export async function post(options: Post): Promise<PostResult> {
  const deadline = startDeadline(options.timeout, options.signal);
  const { signal } = deadline;
  let stage: Stage = "connection";
  let socket: Socket | undefined;
  try {
    const target = {
      ...options,
      url: options.endpoint,
      signal,
      onStage: (next: Stage) => {
        stage = next;
      },
      own: (next: Socket) => {
        socket = next;
        if (signal.aborted) next.destroy();
      },
    };
    const connection = await untilAborted(signal, openConnection(target));
    stage = "answer";
    return await send(connection, options, signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    return { kind: "failed", stage, ...(deadline.passed ? { code: "TIMEOUT" } : reasonOf(error)) };
  } finally {
    deadline.clear();
    socket?.destroy();
  }
}

function reasonOf(error: unknown): {
  code: string;
  certificate?: CertificateFacts;
  detail?: string;
} {
  if (!(error instanceof ConnectionFailure)) {
    return { code: beginsHttp2(error) ? "HTTP2_ONLY" : systemCode(error) };
  }
  const { code, certificate, detail } = error;
  return {
    code,
    ...(certificate === undefined ? {} : { certificate }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** True if the parser gave up at a frame of HTTP/2, SETTINGS or GOAWAY, which a server sends first. */
function beginsHttp2(error: unknown): boolean {
  const packet: unknown = error instanceof Error && "rawPacket" in error ? error.rawPacket : null;
  return Buffer.isBuffer(packet) && packet[0] === 0 && (packet[3] === 4 || packet[3] === 7);
}

async function send(
  { socket, ...connection }: Connection,
  post: Post,
  signal: AbortSignal,
): Promise<PostResult> {
  const response = await untilAborted(signal, headOf(socket, post, signal));
  const { statusCode: status = 0, headers } = response;
  // From here on nothing can change the outcome: Konnect decides by the status too.
  const text = await readBeginning(response, signal);
  post.signal?.throwIfAborted();
  const { location } = headers;
  return { kind: "answered", status, location, text, connection };
}

/** Sends the request, and waits for the head of the answer. */
function headOf(
  socket: Socket,
  { endpoint, authorization, body }: Post,
  signal: AbortSignal,
): Promise<IncomingMessage> {
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
    request.once("response", (response) => {
      response.on("error", () => undefined);
      resolve(response);
    });
    // An answer with 101 has no body of its own.
    request.once("upgrade", (response) => resolve(response));
    request.end(body);
  });
}

/** Reads an answer's beginning as far as it comes, in a time of its own. */
async function readBeginning(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  const time = startDeadline(bodyTime, signal);
  const read = async () => {
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= answerLimit) break;
    }
  };
  // A body that is cut, endless, malformed or never comes says nothing about what the head has said.
  if (response.statusCode !== 101) await untilAborted(time.signal, read()).catch(() => undefined);
  time.clear();
  if (response.headers["content-encoding"] !== undefined) return "";
  return Buffer.concat(chunks).subarray(0, answerLimit).toString("utf8");
}
