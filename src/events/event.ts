/** What an audit event tells about; Konnect's documentation says to tell them apart by `name` alone. */
export const eventKinds = ["authentication", "authorization", "access"] as const;

export type EventKind = (typeof eventKinds)[number];

/** Product that an event is about, the second header field of its CEF form. */
export type EventProduct = "Konnect" | "Dev-Portal";

/** Header fields that are the same in every event (Konnect's audit-log documentation). */
export const eventVendor = "KongInc";
export const eventVersion = "1.0";
export const cefVersion = "0";

interface EventBase {
  /** When the event was logged: ISO 8601, UTC, whole seconds. */
  event_ts: string;
  event_product: EventProduct;
  event_class_id: string;
  name: string;
  /** 0 to 10; see {@link severities}. */
  severity: number;
  /** When the request came in, in milliseconds since the Unix epoch. */
  rt: number;
  /** The address that the request came from. */
  src: string;
  org_id: string;
  principal_id: string;
  /** Only where the organisation asked for it: `Full Name (e-mail)`. */
  principal_name?: string;
  /** 32 hex digits, or up to 19 decimal ones in older events. One request's events share it. */
  trace_id: string;
  user_agent: string;
}

/** A login or the use of a token. */
export interface AuthenticationEvent extends EventBase {
  kind: "authentication";
  request: string;
  success: boolean;
  /** Only in a Dev Portal's events. */
  portal_id?: string;
}

/** One permission check. */
export interface AuthorizationEvent extends EventBase {
  kind: "authorization";
  action: string;
  granted: boolean;
  /** Who acts in the principal's name; may be empty. */
  actor_id?: string;
  /** Left out, never false, when a user caused the event. */
  kong_initiated?: true;
}

/** A request to Konnect's API. */
export interface AccessEvent extends EventBase {
  kind: "access";
  request: string;
  /** HTTP method. */
  act: string;
  /** HTTP status. */
  status: number;
  /** The query as JSON text, `{}` when there was none. */
  query: string;
  kong_initiated?: true;
}

/** An audit event with the field names that it has on the wire. */
export type AuditEvent = AuthenticationEvent | AuthorizationEvent | AccessEvent;

/** How an authentication ended: the end of its `name`, `AUTHENTICATION_OUTCOME_…`. */
export type AuthenticationOutcome =
  | "SUCCESS"
  | "NOT_FOUND"
  | "INVALID_PASSWORD"
  | "TOKEN_EXPIRED"
  | "LOCKED"
  | "DISABLED"
  | "INVALID";

/** Severities by what happened (Konnect's audit-log documentation, 2026-07). */
export const severities = {
  authentication: {
    SUCCESS: 0,
    NOT_FOUND: 1,
    INVALID_PASSWORD: 1,
    TOKEN_EXPIRED: 1,
    LOCKED: 6,
    DISABLED: 6,
    INVALID: 7,
  } satisfies Record<AuthenticationOutcome, number>,
  authorization: (granted: boolean): number => (granted ? 1 : 6),
  access: (status: number): number => {
    if (status === 401 || status === 403) return 6;
    return status === 500 ? 10 : 1;
  },
} as const;

/**
 * Tells an event's kind from its `name`.
 *
 * @returns `undefined` for a name that Konnect has not documented
 */
export function eventKind(name: string): EventKind | undefined {
  if (name.startsWith("AUTHENTICATION_OUTCOME_")) return "authentication";
  if (name.startsWith("Authz.")) return "authorization";
  return name === "Ingress" ? "access" : undefined;
}
