// The small edition: the provider loads this in plans, and zod's full one costs it 30 ms more.
import * as z from "zod/mini";

/**
 * What Konnect's audit-log API puts on the wire (its OpenAPI documents v2 2.0.0 and v3 3.0.7).
 *
 * Answers are read leniently: fields that we don't know pass, and enum values that Konnect may add stay strings, so
 * that a new one is reported instead of ending the run.
 */

const textOrNull = absentAs(z.string(), null);
const falseIfAbsent = absentAs(z.boolean(), false);
const cefIfAbsent = absentAs(z.string(), "cef");
const unconfiguredIfAbsent = absentAs(z.string(), "unconfigured");
const timeOrNever = z.pipe(z.nullish(z.string()), z.transform(zeroTimeAsNull));
const optionalText = z.optional(z.string());
const nextPage = z.nullish(z.string());

/** An organisation's webhook of one region, `GET /v2/audit-log-webhook`. `authorization` is in no answer. */
export const webhookAnswer = z.looseObject({
  // A region that was never configured answers the literal word "unconfigured", or leaves the field out.
  endpoint: unconfiguredIfAbsent,
  enabled: falseIfAbsent,
  log_format: cefIfAbsent,
  skip_ssl_verification: falseIfAbsent,
  updated_at: textOrNull,
});

export type Webhook = z.output<typeof webhookAnswer>;

/** `GET /v2/audit-log-webhook/status`; the documentation knows a third status, `unconfigured`, that the enum lacks. */
export const webhookStatusAnswer = z.looseObject({
  webhook_enabled: falseIfAbsent,
  webhook_status: unconfiguredIfAbsent,
  last_attempt_at: timeOrNever,
  last_response_code: absentAs(z.int(), null),
  last_response_message: textOrNull,
});

export type WebhookStatus = z.output<typeof webhookStatusAnswer>;

/** `GET /v2/audit-log-webhook/jwks.json`: the keys that a delivered line may be signed with. */
export const jwksAnswer = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      crv: optionalText,
      alg: optionalText,
      kid: optionalText,
      x: optionalText,
    }),
  ),
});

export type JwksAnswer = z.output<typeof jwksAnswer>;

/** The v3 view of a webhook, of a region or of a Dev Portal: a destination and a switch. */
export const bindingAnswer = z.looseObject({
  // Whether an unbound webhook answers an empty id or none is undocumented.
  audit_log_destination_id: z.pipe(
    z.nullish(z.string()),
    z.transform((id) => id || null),
  ),
  enabled: falseIfAbsent,
});

export type Binding = z.output<typeof bindingAnswer>;

/** A named connection of the organisation. `authorization` is in no answer. */
export const destinationAnswer = z.looseObject({
  id: z.string().check(z.minLength(1)),
  name: z.string(),
  endpoint: z.string(),
  log_format: cefIfAbsent,
  skip_ssl_verification: falseIfAbsent,
  created_at: textOrNull,
  updated_at: textOrNull,
});

export type Destination = z.output<typeof destinationAnswer>;

/** One page of destinations; `next` is a path with a cursor in its query. */
export const destinationsAnswer = z.looseObject({
  data: z.array(destinationAnswer),
  meta: z.optional(z.looseObject({ next: nextPage })),
});

/** What all records of `GET /v3/audit-logs` have in common; each type has fields of its own besides. */
export const auditLogAnswer = z.looseObject({
  type: textOrNull,
  ts: textOrNull,
  user_agent: textOrNull,
});

export type AuditLogRecord = z.output<typeof auditLogAnswer>;

/** One page of records; unlike with destinations, the cursors are one level deeper. */
export const auditLogsAnswer = z.looseObject({
  data: z.array(auditLogAnswer),
  meta: z.optional(z.looseObject({ page: z.optional(z.looseObject({ next: nextPage })) })),
});

/** A region's or portal's replay job; `unconfigured` before the first. */
export const replayJobAnswer = z.looseObject({
  start_at: timeOrNever,
  end_at: timeOrNever,
  status: unconfiguredIfAbsent,
  updated_at: timeOrNever,
});

export type ReplayJob = z.output<typeof replayJobAnswer>;

/** The body of an error answer; no field of it can be relied on. */
export const problemAnswer = z.catch(
  z.looseObject({
    title: z.catch(optionalText, undefined),
    detail: z.catch(optionalText, undefined),
    instance: z.catch(optionalText, undefined),
    invalid_parameters: z.catch(
      z.optional(
        z.array(
          z.looseObject({
            field: z.catch(z.string(), "body"),
            reason: z.catch(z.string(), "is invalid"),
          }),
        ),
      ),
      undefined,
    ),
  }),
  {},
);

function absentAs<Value, Default>(schema: z.ZodMiniType<Value>, value: Default) {
  return z.pipe(
    z.nullish(schema),
    z.transform((given: Value | null | undefined): Value | Default => given ?? value),
  );
}

/** Go's zero time stands for "never". */
function zeroTimeAsNull(time: string | null | undefined): string | null {
  return time && !time.startsWith("0001-01-01") ? time : null;
}
