import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { emulatorErrors } from "../errors.js";
import { problems } from "../problem.js";
import type { ExchangeContext } from "./context.js";
import { answerControl, controlPrefix } from "./control.js";
import { exchange } from "./exchange.js";
import { writeReply } from "./message.js";
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
  const server = createServer((request, response) => {
    serve(request, response, context).catch((error: unknown) => {
      // The caller went away, or the emulator stops: there is nobody left to answer.
      if (!request.destroyed && !context.signal.aborted) context.report(`request failed: ${error}`);
      response.destroy();
    });
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
  // Appended, not resolved: "//host/path" must stay a path.
  const url = new URL(`http://emulator.invalid${request.url ?? "/"}`);
  if (url.pathname.startsWith(controlPrefix)) return answerControl(request, response, url, context);
  const target = findTarget(url.pathname, request.headers.host);
  if (target) return exchange(request, response, url, target, context);
  const { world } = context;
  const body = JSON.stringify(problems.notFound().toBody("0"));
  writeReply(response, { status: 404, contentType: "application/problem+json", body }, world.now());
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(emulatorErrors.listenFailed(host, port, error)));
    server.listen(port, host, () => resolve());
  });
}
