import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { emulatorErrors } from "../errors.js";
import { randomDecimal } from "../ids.js";
import { problems } from "../problem.js";
import type { ExchangeContext } from "./context.js";
import { answerControl, controlPrefix } from "./control.js";
import { exchange, refuse } from "./exchange.js";
import { writeReply } from "./message.js";
import { everyMethod, parserProblem, refuseConnection } from "./refused.js";
import { findTarget } from "./route.js";

/** A listening server. */
export interface Listener {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves the API and the control API on one port.
 *
 * @throws EmulatorError `EMULATOR_ADDRESS_IN_USE` or `EMULATOR_LISTEN_FAILED`
 */
export async function listen(
  host: string,
  port: number,
  context: ExchangeContext,
): Promise<Listener> {
  // Node itself would refuse a call without Host with a bare 400.
  const server = createServer({ requireHostHeader: false });
  const answering = new WeakSet<object>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answering.add(request.socket);
    response.once("close", () => answering.delete(request.socket));
    serve(request, response, context).catch((error: unknown) => {
      // The caller went away, or the emulator stops: there is nobody left to answer.
      if (!request.destroyed && !context.signal.aborted) context.report(`request failed: ${error}`);
      response.destroy();
    });
  };
  server.on("request", onRequest);
  server.on("checkExpectation", onRequest); // Node itself would answer a bare 417
  const trace = () => randomDecimal(context.world.random, 19);
  server.on("connect", (_request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => socket.destroy());
    refuseConnection(socket, problems.methodNotAllowed(everyMethod), trace(), context.world.now());
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || answering.has(socket)) socket.destroy();
    else refuseConnection(socket, parserProblem(error), trace(), context.world.now());
  });
  await startListening(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
): Promise<void> {
  const { method = "GET", url: target = "/" } = request;
  if (method === "OPTIONS" && target === "*") {
    const headers = { Allow: everyMethod.join(", ") };
    writeReply(
      response,
      { status: 204, contentType: undefined, body: "", headers },
      context.world.now(),
    );
    return;
  }
  // A proxy's clients send whole URLs (RFC 9112 section 3.2.2). Other targets are appended, not resolved:
  // "//host/path" must stay a path.
  const whole = /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined;
  const host = whole?.host ?? request.headers.host;
  const url = whole ?? new URL(`http://emulator.invalid/${target.replace(/^\//, "")}`);
  if (host === undefined && request.httpVersion === "1.1") {
    return refuse(
      request,
      response,
      { region: "", path: url.pathname },
      problems.hostMissing(),
      context,
    );
  }
  if (url.pathname.startsWith(controlPrefix)) return answerControl(request, response, url, context);
  return exchange(request, response, url, findTarget(url.pathname, host), context);
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(emulatorErrors.listenFailed(host, port, error)));
    server.listen(port, host, () => resolve());
  });
}
