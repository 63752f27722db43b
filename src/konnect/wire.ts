// The small edition: the provider loads this in plans, and zod's full one costs it 30 ms more.
import * as z from "zod/mini";
import { parseDateTime } from "../core/date-time.js";

/**
 * What Konnect's audit-log API puts on the wire (its OpenAPI documents v2 2.0.0 and v3 3.0.7).
 *
 * Answers are read leniently: fields that we don't know pass, and enum values that Konnect may add stay strings, so
 * that a new one is reported instead of ending the run.
 */

/** Longer than any URL or name that Konnect takes. */
const longestSetting = 8_192;
// Settings go to Terraform's state and out of there to terminals as they are. Line breaks Terraform escapes itself; the rest
// would steer a terminal or reorder its lines, and is in no URL and no name.
const steering = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
/** What the schema says of such a text: somebody has put it there at Konnect, and no proxy. */
export const steersTerminal = "holds control or bidirectional characters";
const setting = z.string().check(
  z.maxLength(longestSetting),
  z.refine((text) => !steering.test(text), steersTerminal),
);
const textOrNull = absentAs(z.string(), null);
const falseIfAbsent = absentAs(z.boolean(), false);
const cefIfAbsent = absentAs(z.string(), "cef");
const unconfiguredIfAbsent = absentAs(z.string(), "unconfigured");
const endpointOrUnconfigured = absentAs(setting, "unconfigured");
// A time that can't be read must not pass for "never".
const timeOrNever = z.pipe(
  z.nullish(z.string().check(z.refine(isTimeOrNever))),
  z.transform(zeroTimeAsNull),
);
// It goes into the paths of further calls and into messages.
const identifier = z.string().check(z.regex(/^[\w.~:@-]{1,200}$/));
const optionalText = z.optional(z.string());

/** An organisation's webhook of one region, `GET /v2/audit-log-webhook`. `authorization` is in no answer. */
export const webhookAnswer = z.looseObject({
  // A region that was never configured answers the literal word "unconfigured", or leaves the field out.
  endpoint: endpointOrUnconfigured,
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
    z.nullish(z.union([z.literal(""), identifier])),
    z.transform((id) => id || null),
  ),
  enabled: falseIfAbsent,
});

export type Binding = z.output<typeof bindingAnswer>;

/** A named connection of the organisation. `authorization` is in no answer. */
export const destinationAnswer = z.looseObject({
  id: identifier,
  name: setting,
  endpoint: setting,
  log_format: cefIfAbsent,
  skip_ssl_verification: falseIfAbsent,
  created_at: textOrNull,
  updated_at: textOrNull,
});

export type Destination = z.output<typeof destinationAnswer>;

/** What all records of `GET /v3/audit-logs` have in common; each type has fields of its own besides. */
export const auditLogAnswer = z.looseObject({
  type: textOrNull,
  ts: textOrNull,
  user_agent: textOrNull,
});

export type AuditLogRecord = z.output<typeof auditLogAnswer>;

const cursors = { next: z.nullish(z.string()), size: z.optional(z.unknown()) };

/**
 * One page of a list. Destinations name the next page in `meta.next`, records one level deeper, and both are read from
 * either: a link with a cursor in its query, or the cursor alone.
 */
function pageOf<Item>(item: z.ZodMiniType<Item>) {
  return z.looseObject({
    data: z.array(item),
    meta: z.nullish(z.looseObject({ ...cursors, page: z.nullish(z.looseObject(cursors)) })),
  });
}

/** One page of a list. */
export interface Page<Item> {
  data: Item[];
  meta?: (PageMeta & { page?: PageMeta | null | undefined }) | null | undefined;
}

/** What a page says of its list; other members pass. */
interface PageMeta {
  next?: string | null | undefined;
  size?: unknown;
}

export const destinationsAnswer: z.ZodMiniType<Page<Destination>> = pageOf(destinationAnswer);

export const auditLogsAnswer: z.ZodMiniType<Page<AuditLogRecord>> = pageOf(auditLogAnswer);

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
          z.catch(
            z.looseObject({
              field: z.catch(z.string(), "body"),
              reason: z.catch(z.string(), "is invalid"),
            }),
            { field: "body", reason: "is invalid" },
          ),
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

/** Go's zero time stands for "never"; Kong's documentation misspells it. */
const zeroTime = "0001-01-01";

function zeroTimeAsNull(time: string | null | undefined): string | null {
  return time && !time.startsWith(zeroTime) ? time : null;
}

function isTimeOrNever(time: string): boolean {
  return time === "" || time.startsWith(zeroTime) || parseDateTime(time) !== undefined;
}
