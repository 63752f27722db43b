/** Stable codes of everything that can be wrong with received audit events. */
export type EventErrorCode =
  | "EVENT_LINE_UNREADABLE"
  | "EVENT_BODY_TOO_LARGE"
  | "EVENT_BODY_UNDECODABLE"
  | "EVENT_ENCODING_UNSUPPORTED"
  | "EVENT_JWKS_UNREADABLE"
  | "EVENT_KEY_SEED_INVALID";

/** An error about audit events as they came over the wire. Never quotes the event: it names people and addresses. */
export class EventError extends Error {
  override readonly name = "EventError";

  constructor(
    readonly code: EventErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Every error of this layer. */
export const eventErrors = {
  lineUnreadable(reason: string): EventError {
    return new EventError(
      "EVENT_LINE_UNREADABLE",
      `The line is no audit event: ${reason}.`,
      "Check that the sender is Konnect and that nothing between rewrites or re-wraps the lines.",
    );
  },

  bodyTooLarge(what: "compressed" | "decoded", limit: number): EventError {
    return new EventError(
      "EVENT_BODY_TOO_LARGE",
      `The ${what} body is larger than the limit of ${limit} bytes.`,
      "Raise the limit if the sender is trusted; a small body that decodes to a huge one is an attack.",
    );
  },

  tooManyLines(limit: number): EventError {
    return new EventError(
      "EVENT_BODY_TOO_LARGE",
      `The body has more than the ${limit} lines that a delivery may have.`,
      "Konnect sends at most 1,000 events at once; check who sends this, and have a relay send smaller batches.",
    );
  },

  lineTooLong(limit: number): EventError {
    return new EventError(
      "EVENT_BODY_TOO_LARGE",
      `A line of the body is longer than the limit of ${limit} bytes.`,
      "An audit event has a few hundred bytes; check who sends this, and what joins lines on the way.",
    );
  },

  bodyUndecodable(cause: unknown): EventError {
    return new EventError(
      "EVENT_BODY_UNDECODABLE",
      "The body says that it is gzip but can't be decompressed.",
      "Check that no proxy cuts or re-encodes bodies.",
      { cause },
    );
  },

  encodingUnsupported(contentEncoding: string): EventError {
    return new EventError(
      "EVENT_ENCODING_UNSUPPORTED",
      `The content encoding ${JSON.stringify(contentEncoding)} is not supported.`,
      "Konnect sends gzip; check what re-encodes the body on the way.",
    );
  },

  jwksUnreadable(reason: string): EventError {
    return new EventError(
      "EVENT_JWKS_UNREADABLE",
      `The JWKS can't be read: ${reason}.`,
      "Fetch it again from https://{region}.api.konghq.com/v2/audit-log-webhook/jwks.json.",
    );
  },

  keySeedInvalid(length: number): EventError {
    return new EventError(
      "EVENT_KEY_SEED_INVALID",
      `An Ed25519 seed has 32 bytes; this one has ${length}.`,
      "Pass 32 random bytes, or none to have a key generated.",
    );
  },
};
