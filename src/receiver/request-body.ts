import type { IncomingMessage } from "node:http";
import { eventErrors } from "../events/errors.js";

/**
 * Reads a request's body as sent, still compressed.
 *
 * @param limit the most bytes that are kept in memory
 * @throws EventError `EVENT_BODY_TOO_LARGE` before the rest is read, `EVENT_BODY_UNDECODABLE` when the sender hung up
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => eventErrors.bodyTooLarge("compressed", limit);
  if (Number(request.headers["content-length"]) > limit) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (settle: () => void) => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      settle();
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) return finish(() => reject(tooLarge()));
      chunks.push(chunk);
    };
    const onEnd = () => finish(() => resolve(Buffer.concat(chunks, length)));
    // After a complete body `end` comes first; a broken connection shows only in `close`.
    const onClose = () =>
      finish(() => reject(eventErrors.bodyUndecodable(new Error("the sender hung up"))));
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    request.on("error", () => undefined);
  });
}
