import { type AuditEvent, type AuthenticationOutcome, severities } from "../events/event.js";
import { type Random, randomDecimal, randomHex } from "./ids.js";
import type { Knobs } from "./knobs.js";
import type { Principal } from "./tokens.js";

/** A call to Konnect's API, as far as its audit events tell of it. */
export interface AuditedCall {
  /** When it came in, in milliseconds since the Unix epoch. */
  at: number;
  method: string;
  /** Without region and query. */
  path: string;
  query: URLSearchParams;
  sourceAddress: string;
  userAgent: string;
  traceId: string;
  principal: Principal;
  outcome: AuthenticationOutcome;
  /** The permission check, when it came that far. */
  check: { resource: string; action: string; granted: boolean } | undefined;
  /** HTTP status of the answer. */
  status: number;
}

const introspection = {
  PAT: "/api/v1/personal-access-tokens/introspect",
  SPAT: "/api/v1/system-account-access-tokens/introspect",
};

/**
 * The events that one API call yields, in the order in which Konnect's services see it: the token's use, the permission
 * check, and for writes the request itself. They share one `trace_id`.
 */
export function eventsOfCall(call: AuditedCall, knobs: Readonly<Knobs>): AuditEvent[] {
  const { principal } = call;
  const common = {
    event_ts: wholeSeconds(call.at),
    event_product: "Konnect" as const,
    rt: call.at,
    src: call.sourceAddress,
    org_id: principal.organizationId,
    principal_id: principal.id,
    ...(knobs.principalName ? { principal_name: principal.name } : {}),
    trace_id: call.traceId,
    user_agent: call.userAgent,
  };
  const initiator = knobs.kongInitiated ? { kong_initiated: true as const } : {};
  // Spread last: V8 makes an object that grows after a spread a slow one, a hundred times slower than these.
  const events: AuditEvent[] = [
    {
      kind: "authentication",
      event_class_id: `AUTHENTICATION_TYPE_${principal.tokenType}`,
      name: `AUTHENTICATION_OUTCOME_${call.outcome}`,
      severity: severities.authentication[call.outcome],
      request: introspection[principal.tokenType],
      success: call.outcome === "SUCCESS",
      ...common,
    },
  ];
  if (call.check) {
    const { resource, action, granted } = call.check;
    events.push({
      kind: "authorization",
      event_class_id: "auditlogs",
      name: `Authz.${resource}`,
      severity: severities.authorization(granted),
      action,
      granted,
      ...common,
      ...initiator,
    });
  }
  if (knobs.accessEvents === "all" || call.method !== "GET") {
    events.push({
      kind: "access",
      event_class_id: "KongGateway",
      name: "Ingress",
      severity: severities.access(call.status),
      request: call.path,
      act: call.method,
      status: call.status,
      query: queryText(call.query),
      ...common,
      ...initiator,
    });
  }
  return events;
}

/** The id that the events of one request share, in the form that the knob asks for. */
export function newTraceId({ knobs, random }: { knobs: Readonly<Knobs>; random: Random }): string {
  return knobs.traceId === "hex" ? randomHex(random, 32) : randomDecimal(random, 19);
}

/** Where an event comes from that no call to the audit-log API caused. */
export interface EventOrigin {
  at: number;
  organizationId: string;
  principalId: string;
  /** `undefined` where events carry none. */
  principalName: string | undefined;
  sourceAddress: string;
  userAgent: string;
  traceId: string;
}

/** A developer's login to a Dev Portal. */
export function portalLoginEvent(
  origin: EventOrigin,
  { portalId, outcome }: { portalId: string; outcome: AuthenticationOutcome },
): AuditEvent {
  return {
    kind: "authentication",
    event_product: "Dev-Portal",
    event_class_id: "AUTHENTICATION_TYPE_BASIC",
    name: `AUTHENTICATION_OUTCOME_${outcome}`,
    severity: severities.authentication[outcome],
    request: "/api/v2/developer/authenticate",
    success: outcome === "SUCCESS",
    portal_id: portalId,
    ...fromOrigin(origin),
  };
}

/** A permission check as other APIs of Konnect make them. */
export function permissionCheckEvent(
  origin: EventOrigin,
  check: { resource: string; action: string; granted: boolean; kongInitiated: boolean },
): AuditEvent {
  const { resource, action, granted, kongInitiated } = check;
  return {
    kind: "authorization",
    event_product: "Konnect",
    event_class_id: "konnect",
    name: `Authz.${resource}`,
    severity: severities.authorization(granted),
    action,
    granted,
    ...(kongInitiated ? { kong_initiated: true as const } : {}),
    ...fromOrigin(origin),
  };
}

function fromOrigin(origin: EventOrigin) {
  return {
    event_ts: wholeSeconds(origin.at),
    rt: origin.at,
    src: origin.sourceAddress,
    org_id: origin.organizationId,
    principal_id: origin.principalId,
    ...(origin.principalName === undefined ? {} : { principal_name: origin.principalName }),
    trace_id: origin.traceId,
    user_agent: origin.userAgent,
  };
}

function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function queryText(query: URLSearchParams): string {
  return JSON.stringify(Object.fromEntries(query));
}
