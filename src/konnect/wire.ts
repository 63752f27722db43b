import * as z from "zod";

/**
 * What Konnect's audit-log API puts on the wire (its OpenAPI documents v2 2.0.0 and v3 3.0.7).
 *
 * Answers are read leniently: fields that we don't know pass, and enum values that Konnect may add stay strings, so
 * that a new one is reported instead of ending the run.
 */

/** An organisation's webhook of one region, `GET /v2/audit-log-webhook`. `authorization` is in no answer. */
export const webhookAnswer = z.looseObject({
  // A region that was never configured answers the literal word "unconfigured", or leaves the field out.
  endpoint: z.string().nullish().transform(absentAs("unconfigured")),
  enabled: z.boolean().nullish().transform(absentAs(false)),
  log_format: z.string().nullish().transform(absentAs("cef")),
  skip_ssl_verification: z.boolean().nullish().transform(absentAs(false)),
  updated_at: z.string().nullish().transform(absentAs(null)),
});

export type Webhook = z.output<typeof webhookAnswer>;

/** `GET /v2/audit-log-webhook/status`; the documentation knows a third status, `unconfigured`, that the enum lacks. */
export const webhookStatusAnswer = z.looseObject({
  webhook_enabled: z.boolean().nullish().transform(absentAs(false)),
  webhook_status: z.string().nullish().transform(absentAs("unconfigured")),
  last_attempt_at: z.string().nullish().transform(zeroTimeAsNull),
  last_response_code: z.number().int().nullish().transform(absentAs(null)),
  last_response_message: z.string().nullish().transform(absentAs(null)),
});

export type WebhookStatus = z.output<typeof webhookStatusAnswer>;

/** `GET /v2/audit-log-webhook/jwks.json`: the keys that a delivered line may be signed with. */
export const jwksAnswer = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      crv: z.string().optional(),
      alg: z.string().optional(),
      kid: z.string().optional(),
      x: z.string().optional(),
    }),
  ),
});

export type JwksAnswer = z.output<typeof jwksAnswer>;

/** The v3 view of a webhook, of a region or of a Dev Portal: a destination and a switch. */
export const bindingAnswer = z.looseObject({
  // Whether an unbound webhook answers an empty id or none is undocumented.
  audit_log_destination_id: z
    .string()
    .nullish()
    .transform((id) => id || null),
  enabled: z.boolean().nullish().transform(absentAs(false)),
});

export type Binding = z.output<typeof bindingAnswer>;

/** A named connection of the organisation. `authorization` is in no answer. */
export const destinationAnswer = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  endpoint: z.string(),
  log_format: z.string().nullish().transform(absentAs("cef")),
  skip_ssl_verification: z.boolean().nullish().transform(absentAs(false)),
  created_at: z.string().nullish().transform(absentAs(null)),
  updated_at: z.string().nullish().transform(absentAs(null)),
});

export type Destination = z.output<typeof destinationAnswer>;

/** One page of destinations; `next` is a path with a cursor in its query. */
export const destinationsAnswer = z.looseObject({
  data: z.array(destinationAnswer),
  meta: z.looseObject({ next: z.string().nullish() }).optional(),
});

/** What all records of `GET /v3/audit-logs` have in common; each type has fields of its own besides. */
export const auditLogAnswer = z.looseObject({
  type: z.string().nullish().transform(absentAs(null)),
  ts: z.string().nullish().transform(absentAs(null)),
  user_agent: z.string().nullish().transform(absentAs(null)),
});

export type AuditLogRecord = z.output<typeof auditLogAnswer>;

/** One page of records; unlike with destinations, the cursors are one level deeper. */
export const auditLogsAnswer = z.looseObject({
  data: z.array(auditLogAnswer),
  meta: z
    .looseObject({ page: z.looseObject({ next: z.string().nullish() }).optional() })
    .optional(),
});

/** A region's or portal's replay job; `unconfigured` before the first. */
export const replayJobAnswer = z.looseObject({
  start_at: z.string().nullish().transform(zeroTimeAsNull),
  end_at: z.string().nullish().transform(zeroTimeAsNull),
  status: z.string().nullish().transform(absentAs("unconfigured")),
  updated_at: z.string().nullish().transform(zeroTimeAsNull),
});

export type ReplayJob = z.output<typeof replayJobAnswer>;

/** The body of an error answer; no field of it can be relied on. */
export const problemAnswer = z
  .looseObject({
    title: z.string().optional().catch(undefined),
    detail: z.string().optional().catch(undefined),
    instance: z.string().optional().catch(undefined),
    invalid_parameters: z
      .array(
        z.looseObject({ field: z.string().catch("body"), reason: z.string().catch("is invalid") }),
      )
      .optional()
      .catch(undefined),
  })
  .catch({});

function absentAs<Default>(value: Default) {
  return <Value>(given: Value | null | undefined): Value | Default => given ?? value;
}

/** Go's zero time stands for "never". */
function zeroTimeAsNull(time: string | null | undefined): string | null {
  return time && !time.startsWith("0001-01-01") ? time : null;
}
