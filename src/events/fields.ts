import { type AuditEvent, type EventKind, eventKind } from "./event.js";

type FieldType = "text" | "integer" | "boolean";

/** The type that a field has in JSON on the wire; a field that is not listed is text. */
const fieldTypes: Readonly<Record<string, FieldType>> = {
  rt: "integer",
  severity: "integer",
  status: "integer",
  success: "boolean",
  granted: "boolean",
  kong_initiated: "boolean",
};

/**
 * The order of CEF extensions by kind, as Konnect's published lines have it.
 *
 * Where `principal_name` and `kong_initiated` go is not published; here they follow the principal.
 */
export const extensionOrder: Readonly<Record<EventKind, readonly string[]>> = {
  authentication: [
    "rt",
    "src",
    "request",
    "success",
    "org_id",
    "portal_id",
    "principal_id",
    "principal_name",
    "trace_id",
    "user_agent",
  ],
  authorization: [
    "rt",
    "src",
    "action",
    "granted",
    "org_id",
    "principal_id",
    "principal_name",
    "kong_initiated",
    "actor_id",
    "trace_id",
    "user_agent",
  ],
  access: [
    "rt",
    "src",
    "request",
    "act",
    "status",
    "org_id",
    "principal_id",
    "principal_name",
    "kong_initiated",
    "user_agent",
    "trace_id",
    "query",
  ],
};

/** Extensions that an event may lack. */
export const optionalExtensions: ReadonlySet<string> = new Set([
  "portal_id",
  "principal_name",
  "kong_initiated",
  "actor_id",
]);

/** Every extension that Konnect documents, to find the borders of unquoted values with. */
export const knownExtensions: readonly string[] = [
  ...new Set(Object.values(extensionOrder).flat()),
  "sig",
];

/** A field of an event by its name in {@link extensionOrder} or {@link headerFields}. */
export function fieldOf(event: AuditEvent, name: string): string | number | boolean | undefined {
  // Interfaces have no index signature, although all of their members are such values.
  return (event as unknown as Readonly<Record<string, string | number | boolean>>)[name];
}

/** The header fields that differ between events. */
export const headerFields: readonly string[] = [
  "event_ts",
  "event_product",
  "event_class_id",
  "name",
  "severity",
];

/**
 * Reads parsed fields as a typed event.
 *
 * @returns `undefined` when the kind is unknown, or a field is missing or not of its type
 */
export function eventFromFields(fields: ReadonlyMap<string, string>): AuditEvent | undefined {
  const kind = eventKind(fields.get("name") ?? "");
  if (!kind) return undefined;
  const event: Record<string, unknown> = { kind };
  for (const name of [...headerFields, ...extensionOrder[kind]]) {
    const text = fields.get(name);
    if (text === undefined) {
      if (optionalExtensions.has(name)) continue;
      return undefined;
    }
    const value = readField(name, text);
    if (value === undefined) return undefined;
    event[name] = value;
  }
  return event as unknown as AuditEvent; // every name of the kind's order was just read with its type
}

function readField(name: string, text: string): string | number | boolean | undefined {
  switch (fieldTypes[name]) {
    case "integer":
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    default:
      return text;
  }
}
