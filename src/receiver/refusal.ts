import type { IncomingMessage, ServerResponse } from "node:http";
import { dropBody } from "./request-body.js";

/** What is read of a refused delivery so that its sender gets to see the status. */
const droppedBody = { bytes: 32 * 1024 * 1024, milliseconds: 10_000 };

/**
 * Answers a request that is not taken in.
 *
 * The answer is sent at once and is complete; the connection stays open for a while, until the sender has seen it.
 *
 * @param awaitsContinue true if the sender waits with its body for this answer (`Expect: 100-continue`)
 */
export async function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  options: { headers?: Readonly<Record<string, string>>; awaitsContinue?: boolean } = {},
): Promise<void> {
  response.on("error", () => undefined);
  response.writeHead(status, { ...options.headers, "content-length": 0, connection: "close" });
  response.flushHeaders();
  if (!options.awaitsContinue) await dropBody(request, droppedBody);
  response.end();
}
