import { type LogFormat, logFormats } from "../../core/log-format.js";
import type { Knobs } from "../knobs.js";
import type { Connection } from "../organization.js";
import { problems } from "../problem.js";

/** The body of a write, read by field. An explicit null counts as absent: it leaves a field as it is. */
export class BodyReader {
  readonly #body: Readonly<Record<string, unknown>>;

  /** @throws Problem 400 when the body is no JSON object */
  constructor(body: unknown) {
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      throw problems.bodyInvalid();
    }
    this.#body = body as Record<string, unknown>;
  }

  /** @throws Problem 400 when the field is no string */
  string(field: string): string | undefined {
    const value = this.#body[field] ?? undefined;
    if (value !== undefined && typeof value !== "string") throw problems.bodyInvalid();
    return value;
  }

  /** @throws Problem 400 when the field is no boolean */
  boolean(field: string): boolean | undefined {
    const value = this.#body[field] ?? undefined;
    if (value !== undefined && typeof value !== "boolean") throw problems.bodyInvalid();
    return value;
  }
}

/**
 * Reads the fields of a connection that a body sets.
 *
 * @throws Problem 400 that names the field
 */
export function readConnectionPatch(body: BodyReader, knobs: Readonly<Knobs>): Partial<Connection> {
  const endpoint = readEndpoint(body);
  const authorization = readAuthorization(body, knobs);
  const log_format = readLogFormat(body);
  const skip_ssl_verification = body.boolean("skip_ssl_verification");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(authorization === undefined ? {} : { authorization }),
    ...(log_format === undefined ? {} : { log_format }),
    ...(skip_ssl_verification === undefined ? {} : { skip_ssl_verification }),
  };
}

function readEndpoint(body: BodyReader): string | undefined {
  const endpoint = body.string("endpoint");
  if (endpoint === undefined) return undefined;
  if (endpoint.trim() === "") throw problems.blank("endpoint");
  if (!isWebUrl(endpoint)) throw problems.endpointInvalid();
  return endpoint;
}

/** True if a text is a URL as Go's `net/url` takes it: Node's parser trims and repairs, and takes more. */
function isWebUrl(text: string): boolean {
  const isPlain = /^https?:\/\/[^/?#\s\\]/i.test(text) && !/[\p{Cc}\s\\]/u.test(text);
  const hasWholeEscapes = !/%(?![0-9a-f]{2})/i.test(text.replace(/\?[^#]*/, ""));
  return isPlain && hasWholeEscapes && URL.canParse(text);
}

function readAuthorization(body: BodyReader, knobs: Readonly<Knobs>): string | undefined {
  const authorization = body.string("authorization");
  if (authorization === undefined) return undefined;
  if (authorization.trim() === "" && knobs.blankAuthorization === "refuse") {
    throw problems.blank("authorization");
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(authorization)) {
    throw problems.invalidParameter("authorization", "must be a valid header value");
  }
  return authorization;
}

function readLogFormat(body: BodyReader): LogFormat | undefined {
  const format = body.string("log_format");
  if (format === undefined) return undefined;
  const known = logFormats.find((candidate) => candidate === format);
  if (!known) throw problems.notOneOf("log_format", logFormats);
  return known;
}
