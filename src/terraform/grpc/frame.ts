import { StatusError, statusCode } from "./status.js";

const headerSize = 5;

/** Puts a message into gRPC's length-prefixed frame. */
export function frame(message: Uint8Array): Buffer {
  const header = Buffer.alloc(headerSize);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/**
 * Takes the one message of a unary call out of its frame.
 *
 * @throws StatusError when there is no message, more than one, or a compressed one
 */
export function unframe(body: Buffer): Buffer {
  if (body.length < headerSize) {
    throw new StatusError(statusCode.invalidArgument, "the request ends before its message");
  }
  if (body[0] !== 0) {
    throw new StatusError(statusCode.unimplemented, "compressed messages are not supported");
  }
  if (body.readUInt32BE(1) !== body.length - headerSize) {
    throw new StatusError(statusCode.invalidArgument, "the request is not one whole message");
  }
  return body.subarray(headerSize);
}
