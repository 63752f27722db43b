import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { Logger } from "../plugin/logger.js";
import { safeStack } from "../plugin/safe-stack.js";
import { frame, unframe } from "./frame.js";
import { encodeStatusMessage, StatusError, statusCode } from "./status.js";

/** A call's answer; `afterwards` runs when it has left. */
export interface GrpcAnswer {
  readonly message: Uint8Array;
  readonly afterwards?: () => void;
}

/** One method: request bytes in, an answer out. Null ends a server stream that sends nothing. */
export type GrpcMethod = (request: Uint8Array) => Promise<GrpcAnswer | null>;

/** Methods by path, as in `/tfplugin6.Provider/Configure`. */
export type GrpcMethods = ReadonlyMap<string, GrpcMethod>;

// Terraform sends whole states of many megabytes side by side. With Node's default of 10 MB a session
// then resets streams (ENHANCE_YOUR_CALM). The only client is the authenticated Terraform.
const maxSessionMemoryMegabytes = 1000;
const windowSize = 1 << 20;

/** An HTTP/2 server that answers gRPC calls; the caller brings the connections. */
export interface GrpcServer {
  /** Loads what the first connection needs, at a time when nothing waits for it. */
  prepare(): void;
  connect(connection: Duplex): void;
}

/**
 * Makes a server of gRPC calls.
 *
 * @param onSession told of each HTTP/2 session
 */
export function createGrpcServer(
  methods: GrpcMethods,
  log: Logger,
  onSession: (session: ServerHttp2Session) => void = () => undefined,
): GrpcServer {
  let server: Http2Server | undefined;
  const prepared = () => {
    server ??= createHttp2Server(methods, log).on("session", onSession);
    return server;
  };
  return {
    prepare: () => void prepared(),
    connect: (connection) => void prepared().emit("connection", connection),
  };
}

function createHttp2Server(methods: GrpcMethods, log: Logger): Http2Server {
  // Not imported: it takes 4 ms of every start before the handshake line.
  const http2 = process.getBuiltinModule("node:http2");
  const server = http2.createServer({
    maxSessionMemory: maxSessionMemoryMegabytes,
    settings: { initialWindowSize: windowSize },
  });
  server.on("session", (session) => {
    session.on("error", (error) => log.debug("http2 session failed", { error: safeStack(error) }));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", (error) => log.debug("http2 stream failed", { error: safeStack(error) }));
    const path = headers[":path"] ?? "";
    void answer(stream, path, methods.get(path), log);
  });
  return server;
}

async function answer(
  stream: ServerHttp2Stream,
  path: string,
  method: GrpcMethod | undefined,
  log: Logger,
): Promise<void> {
  try {
    if (!method) throw new StatusError(statusCode.unimplemented, `unknown method ${path}`);
    const result = await method(unframe(await bodyOf(stream)));
    if (stream.destroyed) return;
    if (result?.afterwards) stream.once("close", result.afterwards);
    respond(stream, result?.message);
  } catch (error) {
    if (!(error instanceof StatusError)) log.error(`${path} failed`, { error: safeStack(error) });
    if (!stream.destroyed) refuse(stream, error);
  }
}

/** Resolves with the whole request; one that is cancelled never ends, and needs no answer. */
function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  // By events: an async iterator would cost a quarter of a small call.
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
    stream.on("end", () => resolve(Buffer.concat(chunks)));
  });
}

const responseHeaders = { ":status": 200, "content-type": "application/grpc" };

function respond(stream: ServerHttp2Stream, message: Uint8Array | undefined): void {
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": `${statusCode.ok}` }));
  stream.end(message && frame(message));
}

function refuse(stream: ServerHttp2Stream, error: unknown): void {
  const { status, message } =
    error instanceof StatusError
      ? error
      : { status: statusCode.internal, message: "the provider failed; its log says where" };
  stream.respond(
    {
      ...responseHeaders,
      "grpc-status": `${status}`,
      "grpc-message": encodeStatusMessage(message),
    },
    { endStream: true },
  );
}
