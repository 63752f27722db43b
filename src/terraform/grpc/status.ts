/** The gRPC status codes that this server answers. */
export const statusCode = {
  ok: 0,
  invalidArgument: 3,
  unimplemented: 12,
  internal: 13,
} as const;

/** Ends a call with a gRPC status instead of a response. */
export class StatusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "StatusError";
  }
}

/** The `grpc-message` trailer: percent-encoded, as gRPC over HTTP/2 demands. */
export function encodeStatusMessage(message: string): string {
  return encodeURIComponent(message);
}
