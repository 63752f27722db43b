import { type AuditEvent, type AuthenticationOutcome, severities } from "../events/event.js";
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
  const events: AuditEvent[] = [
    {
      ...common,
      kind: "authentication",
      event_class_id: `AUTHENTICATION_TYPE_${principal.tokenType}`,
      name: `AUTHENTICATION_OUTCOME_${call.outcome}`,
      severity: severities.authentication[call.outcome],
      request: introspection[principal.tokenType],
      success: call.outcome === "SUCCESS",
    },
  ];
  if (call.check) {
    const { resource, action, granted } = call.check;
    events.push({
      ...{ ...common, ...initiator },
      kind: "authorization",
      event_class_id: "auditlogs",
      name: `Authz.${resource}`,
      severity: severities.authorization(granted),
      ...{ action, granted },
    });
  }
  if (knobs.accessEvents === "all" || call.method !== "GET") {
    events.push({
      ...{ ...common, ...initiator },
      kind: "access",
      event_class_id: "KongGateway",
      name: "Ingress",
      severity: severities.access(call.status),
      request: call.path,
      act: call.method,
      status: call.status,
      query: queryText(call.query),
    });
  }
  return events;
}

/** A developer's login to a Dev Portal. */
export function portalLoginEvent(login: {
  at: number;
  organizationId: string;
  portalId: string;
  principalId: string;
  outcome: AuthenticationOutcome;
  sourceAddress: string;
  userAgent: string;
  traceId: string;
}): AuditEvent {
  return {
    kind: "authentication",
    event_ts: wholeSeconds(login.at),
    event_product: "Dev-Portal",
    event_class_id: "AUTHENTICATION_TYPE_BASIC",
    name: `AUTHENTICATION_OUTCOME_${login.outcome}`,
    severity: severities.authentication[login.outcome],
    rt: login.at,
    src: login.sourceAddress,
    request: "/api/v2/developer/authenticate",
    success: login.outcome === "SUCCESS",
    org_id: login.organizationId,
    portal_id: login.portalId,
    principal_id: login.principalId,
    trace_id: login.traceId,
    user_agent: login.userAgent,
  };
}

function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function queryText(query: URLSearchParams): string {
  return JSON.stringify(Object.fromEntries(query));
}
