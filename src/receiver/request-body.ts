import type { IncomingMessage } from "node:http";
import { eventErrors } from "../events/errors.js";

/** A sender that was gone before its request was complete: there is nobody to answer. */
export class SenderGoneError extends Error {
  override readonly name = "SenderGoneError";
}

/**
 * Reads a request's body as sent, still compressed.
 *
 * @param limit the most bytes that are kept in memory
 * @throws EventError `EVENT_BODY_TOO_LARGE` before the rest is read; SenderGoneError
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
    const onClose = () => finish(() => reject(new SenderGoneError(hungUp(request, length))));
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    request.on("error", () => undefined);
  });
}

function hungUp({ headers }: IncomingMessage, length: number): string {
  const announced = headers["content-length"];
  return `the sender hung up after ${length} ${announced ? `of ${announced} ` : ""}bytes of the body`;
}

/**
 * Reads the rest of a body that nobody wants, and drops it: a connection that is closed while the sender still writes is
 * reset, and the answer is lost with it.
 *
 * @param limit.bytes after which the connection is closed nevertheless
 * @param limit.milliseconds after which it is, too
 */
export async function dropBody(
  request: IncomingMessage,
  limit: { bytes: number; milliseconds: number },
): Promise<void> {
  await new Promise<void>((resolve) => {
    let length = 0;
    const done = () => {
      clearTimeout(timer);
      request.off("data", onData).off("end", done).off("close", done).off("error", done);
      request.on("error", () => undefined);
      request.resume();
      resolve();
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit.bytes) done();
    };
    const timer = setTimeout(done, limit.milliseconds);
    if (request.readableEnded || request.destroyed) return done();
    request.on("data", onData).on("end", done).on("close", done).on("error", done);
  });
}
