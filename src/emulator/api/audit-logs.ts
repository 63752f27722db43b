import { type KeyObject, sign } from "node:crypto";
import { parseDateTime } from "../../core/date-time.js";
import { type AuditEvent, type EventKind, eventKinds } from "../../events/event.js";
import { formatEvent } from "../../events/format.js";
import { documentedRetention } from "../../konnect/replay-job.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { type Answer, apiTime, type Call, type Operation } from "./operation.js";
import { cutPage, pageAnswer, readPageRequest } from "./pages.js";
import { invalid, ListQuery } from "./query.js";

/** The pull API: what was recorded, whether or not it could be delivered. */
export const auditLogOperations: readonly Operation[] = [
  {
    method: "GET",
    versions: ["v3"],
    path: "/audit-logs",
    check: { resource: "audit-logs", action: "list" },
    handle: listAuditLogs,
  },
];

const types = {
  authorization: "authorization",
  authentication: "authentication",
  access: "gateway_access",
} as const;

const keyPattern = /^\d{16}$/;
const times = { gte: "filter[ts][gte]", lte: "filter[ts][lte]" };
const typeFilter = "filter[type]";

function listAuditLogs(call: Call, world: World): Answer {
  const query = new ListQuery(call.query, [times.gte, times.lte, typeFilter]);
  const request = readPageRequest(query, keyPattern, {
    defaultSize: 20,
    maxSize: 1000,
    beyond: "refuse",
  });
  const until = readTime(query, times.lte) ?? world.now();
  const from = readTime(query, times.gte) ?? until - documentedRetention;
  const { log } = world.channel(call);
  const sequences = log.between(from, until, world.now(), readKind(query));
  const descending = world.knobs.pullOrder === "newest-first";
  const page = cutPage(
    {
      items: descending ? sequences.reverse() : sequences,
      keyOf: (sequence) => String(sequence).padStart(16, "0"),
      descending,
    },
    request,
  );
  const { privateKey } = world.signingKey(call.region);
  const data = page.items.flatMap((sequence) => {
    const event = log.read(sequence);
    return event ? [{ ...toAuditLog(event), ...signatureOf(event, privateKey, world) }] : [];
  });
  return pageAnswer(page, data, query, request, linkTo, "page", world);
}

/** Which bytes the real service signs here is not documented; these are the JSON line that it delivers. */
function signatureOf(event: AuditEvent, key: KeyObject, { knobs }: World): Record<string, string> {
  const line = Buffer.from(formatEvent(event, "json"));
  return { [knobs.pullSignature]: sign(null, line, key).toString("base64url") };
}

/** Brackets stay as they are in the links of this list, unlike in those of destinations. */
function linkTo(parameters: [string, string][]): string {
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/audit-logs?${query.join("&")}`;
}

function readTime(query: ListQuery, name: string): number | undefined {
  const text = query.filter(name);
  if (text === undefined) return undefined;
  const time = parseDateTime(text);
  if (time === undefined) throw invalid(name, "must be an RFC 3339 date-time", "is_date_time");
  return time;
}

function readKind(query: ListQuery): EventKind | undefined {
  const type = query.filter(typeFilter);
  if (type === undefined) return undefined;
  const kind = eventKinds.find((candidate) => types[candidate] === type);
  if (!kind) throw problems.notOneOf(typeFilter, Object.values(types));
  return kind;
}

/** The pull API's names for what a delivered line calls otherwise. */
function toAuditLog(event: AuditEvent): Record<string, unknown> {
  const common = {
    type: types[event.kind],
    ts: apiTime(event.rt),
    org_id: event.org_id,
    principal_id: event.principal_id,
    client_ip: event.src,
    user_agent: event.user_agent,
    trace_id: event.trace_id,
  };
  switch (event.kind) {
    case "authentication":
      return {
        ...common,
        successful: event.success,
        outcome: lowerSuffix(event.name, "AUTHENTICATION_OUTCOME_"),
        authentication_type: lowerSuffix(event.event_class_id, "AUTHENTICATION_TYPE_"),
        uri: event.request,
        ...(event.portal_id ? { portal_id: event.portal_id } : {}),
      };
    case "authorization":
      return {
        ...common,
        service: event.event_class_id,
        action: event.action,
        granted: event.granted,
        resource: event.name.replace(/^Authz\./, "krn:konnect:audit-logs:"),
        ...(event.actor_id === undefined ? {} : { actor_id: event.actor_id }),
      };
    case "access":
      return {
        ...common,
        method: event.act,
        uri: event.request,
        query: event.query,
        status_code: event.status,
        actor_id: "",
      };
  }
}

function lowerSuffix(text: string, prefix: string): string {
  return text.slice(prefix.length).toLowerCase();
}
