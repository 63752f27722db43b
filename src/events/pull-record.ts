import {
  type AuditEvent,
  type EventKind,
  eventKinds,
  eventKind as kindOfName,
  severities,
} from "./event.js";
import { eventFromFields } from "./fields.js";

/** The pull API's `type`s. */
const kindOfType: Readonly<Record<string, EventKind>> = {
  authorization: "authorization",
  authentication: "authentication",
  gateway_access: "access",
};

/** Names of the pull API (OpenAPI document v3 3.0.7) and what a delivered line calls the same. */
const deliveredNames: Readonly<Record<string, string>> = {
  ts: "event_ts",
  client_ip: "src",
  uri: "request",
  method: "act",
  status_code: "status",
  successful: "success",
  service: "event_class_id",
  resource: "name",
  signature: "sig",
};

/**
 * True if fields are those of a record that `GET /v3/audit-logs` answers, and not of a delivered line.
 *
 * @param fields a JSON object's members by their names
 */
export function isPullRecord(fields: ReadonlyMap<string, string>): boolean {
  if (!fields.has("ts") || fields.has("event_ts") || fields.has("event_vendor")) return false;
  return kindOfPullRecord(fields) !== undefined;
}

/** The kind of a pull record; an authentication may come without `type`. */
export function kindOfPullRecord(fields: ReadonlyMap<string, string>): EventKind | undefined {
  const type = fields.get("type");
  if (type !== undefined) return kindOfType[type];
  return fields.has("outcome") && fields.has("authentication_type") ? "authentication" : undefined;
}

/** A pull record's fields by the names that a delivered line has for them. */
export function deliveredFields(record: ReadonlyMap<string, string>): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of record) fields.set(deliveredNames[name] ?? name, value);
  if (kindOfPullRecord(record) === "authentication") {
    fields.set("name", `AUTHENTICATION_OUTCOME_${upper(record.get("outcome"))}`);
    fields.set("event_class_id", `AUTHENTICATION_TYPE_${upper(record.get("authentication_type"))}`);
  }
  if (kindOfPullRecord(record) === "access") {
    fields.set("name", "Ingress");
    fields.set("event_class_id", "KongGateway");
  }
  return fields;
}

/**
 * The events that a pull record may be of, as far as its fields tell: a record leaves out the header's constants, which are
 * the same in every event, and the severity, which follows from the rest.
 */
export function eventsOfPullRecord(record: ReadonlyMap<string, string>): AuditEvent[] {
  const kind = kindOfPullRecord(record);
  const milliseconds = Date.parse(record.get("ts") ?? "");
  if (!kind || !eventKinds.includes(kind) || Number.isNaN(milliseconds)) return [];
  const fields = deliveredFields(record);
  fields.set("event_ts", new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z"));
  fields.set("event_product", record.has("portal_id") ? "Dev-Portal" : "Konnect");
  fields.set("rt", String(milliseconds));
  fields.set("severity", String(severityOf(kind, record)));
  if (kind === "authorization") {
    fields.set("name", (record.get("resource") ?? "").replace(/^krn:konnect:[^:]*:/, "Authz."));
  }
  if (kindOfName(fields.get("name") ?? "") !== kind) return [];
  const event = eventFromFields(fields);
  if (!event) return [];
  const withoutActor = { ...event };
  if ("actor_id" in withoutActor) delete withoutActor.actor_id;
  return [event, withoutActor];
}

function severityOf(kind: EventKind, record: ReadonlyMap<string, string>): number {
  if (kind === "authorization") return severities.authorization(record.get("granted") === "true");
  if (kind === "access") return severities.access(Number(record.get("status_code")));
  const outcomes: Readonly<Record<string, number>> = severities.authentication;
  return outcomes[upper(record.get("outcome"))] ?? 0;
}

function upper(text: string | undefined): string {
  return (text ?? "").toUpperCase();
}
