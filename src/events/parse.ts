import type { LogFormat } from "../core/log-format.js";
import { parseCef } from "./cef.js";
import { isEventObject, linesInEnvelope } from "./envelope.js";
import { eventErrors } from "./errors.js";
import { type AuditEvent, type EventKind, eventKind } from "./event.js";
import { eventFromFields } from "./fields.js";
import { parseJson } from "./json.js";
import { placeJsonMembers } from "./lossless-json.js";
import { deliveredFields, isPullRecord, kindOfPullRecord } from "./pull-record.js";

/** A received line, or a record of the pull API, read without loss. */
export interface ParsedEvent {
  /** `pull` for a record of `GET /v3/audit-logs`, which is JSON with other names. */
  format: LogFormat | "pull";
  /** `undefined` for a `name` that Konnect has not documented. */
  kind: EventKind | undefined;
  /** Every field of the line by its JSON name; numbers and booleans as they were written. */
  fields: ReadonlyMap<string, string>;
  eventTs: string | undefined;
  name: string | undefined;
  /** 0 to 10, `undefined` when the line's is no integer. */
  severity: number | undefined;
  traceId: string | undefined;
  userAgent: string | undefined;
  principalId: string | undefined;
  /** `sig` as it was written; says nothing about whether it is right. */
  signature: string | undefined;
  /** False for a line that was cut off, or that does not have its kind's fields in their documented form. */
  complete: boolean;
}

/**
 * Reads one line in any of Konnect's formats.
 *
 * @param line without its line break
 * @throws EventError `EVENT_LINE_UNREADABLE` when it is neither CEF nor a JSON object
 */
export function parseLine(line: string | Uint8Array): ParsedEvent {
  const text = typeof line === "string" ? line : Buffer.from(line).toString("utf8");
  const { format, fields } = readFields(text.trim());
  if (format === "json" && isPullRecord(fields)) return pulledEvent(fields);
  const severity = fields.get("severity");
  const name = fields.get("name");
  return {
    format,
    kind: eventKind(name ?? ""),
    fields,
    eventTs: fields.get("event_ts"),
    name,
    severity: severity && /^\d+$/.test(severity) ? Number(severity) : undefined,
    traceId: fields.get("trace_id"),
    userAgent: fields.get("user_agent"),
    principalId: fields.get("principal_id"),
    signature: fields.get("sig"),
    complete: eventFromFields(fields) !== undefined,
  };
}

/**
 * Reads a parsed line as a typed event; its signature is left out.
 *
 * @returns `undefined` when it is not {@link ParsedEvent.complete}
 */
export function toAuditEvent(parsed: ParsedEvent): AuditEvent | undefined {
  return eventFromFields(parsed.fields);
}

function pulledEvent(fields: Map<string, string>): ParsedEvent {
  const delivered = deliveredFields(fields);
  return {
    format: "pull",
    kind: kindOfPullRecord(fields),
    fields,
    eventTs: delivered.get("event_ts"),
    name: delivered.get("name"),
    severity: undefined,
    traceId: delivered.get("trace_id"),
    userAgent: delivered.get("user_agent"),
    principalId: delivered.get("principal_id"),
    signature: delivered.get("sig"),
    complete: false,
  };
}

function readFields(text: string): { format: LogFormat; fields: Map<string, string> } {
  if (text.startsWith("{")) {
    const json = parseJson(text);
    if (json && isEventObject(json.fields.keys())) return json;
    if (json) return readEnclosed(text, json.fields.get("sig")) ?? json;
    throw eventErrors.lineUnreadable("it starts like JSON but is not one JSON object");
  }
  const cef = parseCef(text);
  if (cef) return { format: "cef", fields: cef };
  throw eventErrors.lineUnreadable("it is neither CEF nor JSON");
}

/** The event in a collector's envelope, if it holds one; a signature beside it is taken for the event's own. */
function readEnclosed(
  envelope: string,
  sig: string | undefined,
): { format: LogFormat; fields: Map<string, string> } | undefined {
  const [line, another] = linesInEnvelope(placeJsonMembers(envelope) ?? [], "utf8");
  if (line === undefined || another !== undefined || line === envelope) return undefined;
  const enclosed = readFields(line);
  if (sig !== undefined && !enclosed.fields.has("sig")) enclosed.fields.set("sig", sig);
  return enclosed;
}
