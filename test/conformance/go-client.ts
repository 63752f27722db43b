import * as z from "zod";

// What the Go code that Kong generates insists on in an answer, read from Kong/terraform-provider-konnect 3.19
// (internal/sdk) and Kong/sdk-konnect-go 0.59: it takes unknown members and missing ones, and refuses other media types,
// statuses that it does not know, values of another type, dates that are not RFC 3339, words that an enum lacks (its
// older releases), and errors that lack a member.

const text = z.string().nullish();
const flag = z.boolean().nullish();
const integer = z.int().nullish();
/** Go's `time.Parse(time.RFC3339Nano, …)`. */
const time = z.iso.datetime({ offset: true }).nullish();
const logFormat = z.enum(["cef", "json", "cps"]).nullish();

export const models = {
  webhook: z.looseObject({
    endpoint: text,
    enabled: flag,
    log_format: logFormat,
    skip_ssl_verification: flag,
    updated_at: time,
  }),
  destination: z.looseObject({
    id: text,
    name: text,
    endpoint: text,
    log_format: logFormat,
    skip_ssl_verification: flag,
    created_at: time,
    updated_at: time,
  }),
  portalWebhook: z.looseObject({ enabled: flag, audit_log_destination_id: text }),
  portalStatus: z.looseObject({
    webhook_status: z.enum(["active", "inactive"]).nullish(),
    webhook_enabled: flag,
    last_attempt_at: time,
    last_response_code: integer,
    last_response_message: text,
  }),
  replayJob: z.looseObject({
    start_at: time,
    end_at: time,
    status: z
      .enum(["unconfigured", "accepted", "pending", "running", "completed", "failed"])
      .nullish(),
    updated_at: time,
  }),
} as const;

const present = z.custom((value) => value !== undefined, "is missing");
const badRequest = z.looseObject({
  status: z.int(),
  title: z.string(),
  instance: z.string(),
  detail: z.string(),
  invalid_parameters: z.array(z.looseObject({ field: z.string(), reason: z.string() })),
});
const otherError = z.looseObject({
  status: present,
  title: present,
  instance: present,
  detail: present,
});

export type Model = keyof typeof models;

/** One operation of a generated client. */
export interface ClientOperation {
  client: "terraform-provider-konnect" | "sdk-konnect-go";
  name: string;
  method: string;
  path: string;
  /** What it decodes by status; `undefined` where it takes an answer without a body. Any other status is an error. */
  answers: Readonly<Record<number, Model | undefined>>;
  /** Error statuses that it decodes. */
  errors: readonly number[];
}

const provider = "terraform-provider-konnect";
const sdk = "sdk-konnect-go";
const webhook = "/v2/audit-log-webhook";
const destinations = "/v2/audit-log-destinations";
const destination = `${destinations}/{id}`;
const portal = "/v3/portals/{portalId}/audit-log-webhook";
const job = "/v3/portals/{portalId}/audit-log-replay-job";

/** Every audit-log operation that Kong's generated Go clients have. */
export const clientOperations: readonly ClientOperation[] = [
  ...(
    [
      ["GetAuditLogWebhook", "GET", webhook, { 200: "webhook" }, [401, 403]],
      ["UpdateAuditLogWebhook", "PATCH", webhook, { 200: "webhook" }, [400, 401, 403]],
      ["DeleteAuditLogWebhook", "PATCH", webhook, { 200: "webhook" }, [400, 401, 403]],
      ["CreateAuditLogDestination", "POST", destinations, { 201: "destination" }, [400, 401, 403]],
      ["GetAuditLogDestination", "GET", destination, { 200: "destination" }, [401, 403, 404]],
      [
        "UpdateAuditLogDestination",
        "PATCH",
        destination,
        { 200: "destination" },
        [400, 401, 403, 404],
      ],
      ["DeleteAuditLogDestination", "DELETE", destination, { 204: undefined }, [401, 403, 404]],
      ["GetPortalAuditLogWebhook", "GET", portal, { 200: "portalWebhook" }, [401, 403, 404]],
      [
        "UpdatePortalAuditLogWebhook",
        "PATCH",
        portal,
        { 200: "portalWebhook" },
        [400, 401, 403, 404],
      ],
      ["DeletePortalAuditLogWebhook", "DELETE", portal, { 204: undefined }, [401, 403, 404]],
    ] as const
  ).map((row) => toOperation(provider, row)),
  ...(
    [
      ["GetPortalAuditLogWebhook", "GET", portal, { 200: "portalWebhook" }, [401, 403, 404]],
      [
        "UpdatePortalAuditLogWebhook",
        "PATCH",
        portal,
        { 200: "portalWebhook" },
        [400, 401, 403, 404],
      ],
      ["DeletePortalAuditLogWebhook", "DELETE", portal, { 204: undefined }, [401, 403, 404]],
      [
        "GetPortalAuditLogWebhookStatus",
        "GET",
        `${portal}/status`,
        { 200: "portalStatus" },
        [401, 403, 404],
      ],
      ["GetPortalAuditLogReplayJob", "GET", job, { 200: "replayJob" }, [401, 403, 404]],
      [
        "UpdatePortalAuditLogReplayJob",
        "PUT",
        job,
        { 202: "replayJob" },
        [400, 401, 403, 404, 409],
      ],
    ] as const
  ).map((row) => toOperation(sdk, row)),
];

function toOperation(
  client: ClientOperation["client"],
  [name, method, path, answers, errors]: readonly [
    string,
    string,
    string,
    Readonly<Record<number, Model | undefined>>,
    readonly number[],
  ],
): ClientOperation {
  return { client, name, method, path, answers, errors };
}

/**
 * Decodes an answer as the generated code does.
 *
 * @returns why it would refuse the answer; empty when it would not
 */
export function refusals(
  { answers, errors }: ClientOperation,
  answer: { status: number; contentType: string | null; body: string },
): string[] {
  const isError = errors.includes(answer.status);
  if (!isError && !(answer.status in answers)) {
    return [`unknown status code returned: ${answer.status}`];
  }
  const model = answers[answer.status];
  if (!isError && !model) return [];
  const expected = isError ? "application/problem+json" : "application/json";
  const mediaType = answer.contentType?.split(";")[0]?.trim();
  if (mediaType !== expected) return [`unknown content-type received: ${answer.contentType}`];
  const schema = model ? models[model] : answer.status === 400 ? badRequest : otherError;
  const read = schema.safeParse(parse(answer.body));
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
