import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { systemCode } from "../receiver/errors.js";

/** One POST as Konnect makes it. */
export interface Post {
  endpoint: string;
  authorization: string;
  body: Buffer;
  skipTlsVerification: boolean;
  /** Milliseconds for all of it. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/** What came of a POST. */
export type PostResult =
  | {
      kind: "answered";
      status: number;
      /** The answer's beginning. */
      text: string;
      /** The address that answered. */
      address: string | undefined;
      /** Why the certificate is not trusted, where that was not to matter. */
      distrust: string | undefined;
    }
  /** `code` is Node's or OpenSSL's, or `TIMEOUT`. */
  | { kind: "failed"; code: string };

/** How much of an answer is read. */
const answerLimit = 2_048;

/**
 * Posts once: straight to the endpoint past any proxy, following no redirect and keeping no connection.
 *
 * @throws the signal's reason when the user stops it
 */
export async function post(options: Post): Promise<PostResult> {
  const url = new URL(options.endpoint);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.timeout);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout.signal])
    : timeout.signal;
  try {
    return await send(url, options, signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    return { kind: "failed", code: timeout.signal.aborted ? "TIMEOUT" : failureCode(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Node's code; OpenSSL's reasons that Node leaves in the message of an EPROTO get the name that it gives to others. */
function failureCode(error: unknown): string {
  const code = systemCode(error);
  if (code !== "EPROTO" || !(error instanceof Error)) return code;
  const [, reason] = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/i.exec(error.message) ?? [];
  return reason ? `ERR_SSL_${reason.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}` : code;
}

function send(url: URL, options: Post, signal: AbortSignal): Promise<PostResult> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
      method: "POST",
      agent: false,
      signal,
      rejectUnauthorized: !options.skipTlsVerification,
      ...(isIP(host) ? {} : { servername: host }),
      headers: {
        "content-type": "text/plain",
        "content-encoding": "gzip",
        "content-length": options.body.length,
        authorization: options.authorization,
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.end(options.body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<PostResult> {
  const { socket } = response;
  const { remoteAddress: address } = socket;
  const distrust =
    socket instanceof TLSSocket && !socket.authorized
      ? String(socket.authorizationError)
      : undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= answerLimit) break;
  }
  const text = Buffer.concat(chunks).subarray(0, answerLimit).toString("utf8");
  return { kind: "answered", status: response.statusCode ?? 0, text, address, distrust };
}
