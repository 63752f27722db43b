/** One refused field of a 400, with the rule that OpenAPI wants a few further members for. */
export interface InvalidParameter {
  field: string;
  reason: string;
  rule?: string;
  source?: string;
  choices?: readonly string[];
}

/** An error answer, `application/problem+json`; `instance` is added when it is sent. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** Konnect's gateway answers with `kong:trace:`, the audit-log service behind it with `konnect:trace:`. */
    readonly source: "kong" | "konnect",
    readonly invalidParameters?: readonly InvalidParameter[],
    /** Header fields that HTTP wants beside the body. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  /** @param trace the decimal digits that name this answer */
  toBody(trace: string): Record<string, unknown> {
    return {
      status: this.status,
      title: this.title,
      instance: `${this.source}:trace:${trace}`,
      detail: this.detail,
      ...(this.invalidParameters ? { invalid_parameters: this.invalidParameters } : {}),
    };
  }
}

function badRequest(detail: string, parameter: InvalidParameter): Problem {
  return new Problem(400, "Bad Request", detail, "konnect", [parameter]);
}

/** The errors of Konnect's audit-log API; the wording is the OpenAPI documents' where they have one. */
export const problems = {
  unauthorized: () =>
    new Problem(401, "Unauthorized", "Unauthorized", "kong", undefined, {
      "WWW-Authenticate": 'Bearer realm="Konnect"',
    }),
  forbidden: () =>
    new Problem(403, "Forbidden", "You do not have permission to perform this action", "kong"),
  notFound: (detail = "Not Found") => new Problem(404, "Not Found", detail, "kong"),
  methodNotAllowed: (allowed: readonly string[]) =>
    new Problem(405, "Method Not Allowed", "Method Not Allowed", "kong", undefined, {
      Allow: allowed.join(", "),
    }),
  hostMissing: () => new Problem(400, "Bad Request", "The request names no host", "kong"),
  notJson: () =>
    new Problem(415, "Unsupported Media Type", "Send the body as application/json", "kong"),
  expectationFailed: () =>
    new Problem(417, "Expectation Failed", "Only 100-continue can be expected", "kong"),
  bodyTooLarge: () => new Problem(413, "Payload Too Large", "Request body is too large", "kong"),
  internal: () => new Problem(500, "Internal Server Error", "An unexpected error occurred", "kong"),

  bodyInvalid: () =>
    badRequest("Could not parse request body", {
      field: "body",
      reason: "request format is invalid",
    }),
  blank: (field: string) =>
    badRequest("Required field missing", { field, reason: "cannot be blank" }),
  endpointInvalid: () =>
    badRequest("Invalid endpoint", { field: "endpoint", reason: "must be a valid URL" }),
  destinationIdInvalid: () =>
    badRequest("Could not parse destination id", {
      field: "audit_log_destination_id",
      reason: "destination id format is invalid",
    }),
  destinationUnknown: () =>
    badRequest("Invalid destination", {
      field: "audit_log_destination_id",
      reason: "destination does not exist",
      rule: "missing_reference",
    }),
  notOneOf: (field: string, choices: readonly string[]) =>
    badRequest(`Invalid ${field}`, {
      field,
      reason: `must be one of ${choices.join(", ")}`,
      rule: "enum",
      choices,
    }),
  invalidParameter: (field: string, reason: string, rule = "invalid", source = "body") =>
    badRequest("Invalid parameters", { field, reason, rule, source }),

  replayRunning: () =>
    new Problem(409, "Resource Conflict", "A replay job is currently running", "konnect"),
  destinationInUse: () => new Problem(409, "Resource Conflict", "Destination is in use", "konnect"),
  destinationNameTaken: () =>
    new Problem(409, "Resource Conflict", "A destination with this name already exists", "konnect"),
} as const;
