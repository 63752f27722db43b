import { sign } from "node:crypto";
import { parseDateTime } from "../../core/date-time.js";
import { type AuditEvent, type EventKind, eventKinds } from "../../events/event.js";
import { formatEvent } from "../../events/format.js";
import { retentionMs } from "../event-log.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { type Answer, apiTime, type Call, type Operation } from "./operation.js";
import { cutPage, readPageRequest } from "./pages.js";

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

function listAuditLogs(call: Call, world: World): Answer {
  const { query } = call;
  const request = readPageRequest(query, { defaultSize: 20, maxSize: 1000 });
  const until = readTime(query, "lte") ?? world.now();
  const from = readTime(query, "gte") ?? until - retentionMs;
  const { log } = world.channel(call);
  const sequences = log.between(from, until, world.now(), readKind(query));
  const page = cutPage(sequences, (sequence) => String(sequence).padStart(16, "0"), request);
  const events = page.items.flatMap((sequence) => log.read(sequence) ?? []);
  const { privateKey } = world.signingKey(call.region);
  const link = (direction: "after" | "before", cursor: string | null) =>
    cursor && `/audit-logs?${neighbourQuery(query, direction, cursor)}`;
  return {
    status: 200,
    body: {
      data: events.map((event) => ({
        ...toAuditLog(event),
        // Which bytes the real service signs here is not documented; these are the JSON line that it delivers.
        [world.knobs.pullSignature]: sign(
          null,
          Buffer.from(formatEvent(event, "json")),
          privateKey,
        ).toString("base64url"),
      })),
      meta: {
        page: {
          next: link("after", page.next),
          previous: link("before", page.previous),
          size: page.size,
        },
      },
    },
  };
}

function readTime(query: URLSearchParams, bound: "gte" | "lte"): number | undefined {
  const name = `filter[ts][${bound}]`;
  const text = query.get(name);
  if (!text) return undefined;
  const time = parseDateTime(text);
  if (time === undefined) {
    throw problems.invalidParameter(name, "must be an RFC 3339 date-time", "is_date_time", "query");
  }
  return time;
}

function readKind(query: URLSearchParams): EventKind | undefined {
  const type = query.get("filter[type]");
  if (!type) return undefined;
  const kind = eventKinds.find((candidate) => types[candidate] === type);
  if (!kind) throw problems.notOneOf("filter[type]", Object.values(types));
  return kind;
}

function neighbourQuery(
  query: URLSearchParams,
  direction: "after" | "before",
  cursor: string,
): string {
  const others = [...query].filter(([name]) => name !== "page[after]" && name !== "page[before]");
  // Brackets stay as they are in the links of this list, unlike in those of destinations.
  return [...others, [`page[${direction}]`, cursor]]
    .map(([name, value = ""]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
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
