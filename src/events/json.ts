import { type AuditEvent, cefVersion, type EventKind, eventVendor, eventVersion } from "./event.js";
import { extensionOrder, fieldOf, headerFields } from "./fields.js";
import { type JsonMember, readJsonMembers } from "./lossless-json.js";

/**
 * Writes an event as Konnect's compact JSON: keys in alphabetical order, no blanks, without `sig`.
 *
 * @param options.numericTraceId write `trace_id` as a number, as events of 2023 did; needs decimal digits
 *   @default false
 */
export function formatJson(
  event: AuditEvent,
  { numericTraceId = false }: { numericTraceId?: boolean } = {},
): string {
  let members = "";
  for (const name of memberOrder[event.kind]) {
    const value = constantFields[name] ?? fieldOf(event, name);
    if (value === undefined) continue;
    const isBare = numericTraceId && name === "trace_id" && /^(0|[1-9]\d*)$/.test(event.trace_id);
    members += `${members ? "," : ""}"${name}":${isBare ? value : JSON.stringify(value)}`;
  }
  return `{${members}}`;
}

const constantFields: Readonly<Record<string, string>> = {
  event_vendor: eventVendor,
  event_version: eventVersion,
  cef_version: cefVersion,
};

const memberOrder: Readonly<Record<EventKind, readonly string[]>> = {
  authentication: alphabetical("authentication"),
  authorization: alphabetical("authorization"),
  access: alphabetical("access"),
};

function alphabetical(kind: EventKind): string[] {
  return [...headerFields, ...Object.keys(constantFields), ...extensionOrder[kind]].sort();
}

/** Wraps a JSON line for CrowdStrike, Konnect's `cps` format: the same object under `event`. */
export function wrapCps(json: string): string {
  return `{"event":${json}}`;
}

/**
 * Reads a line in `json` or `cps` format.
 *
 * @returns `undefined` when it is not one JSON object
 */
export function parseJson(
  line: string,
): { format: "json" | "cps"; fields: Map<string, string> } | undefined {
  const members = readJsonMembers(line);
  if (!members) return undefined;
  const wrapped =
    members.size === 1 ? readJsonMembers(members.get("event")?.source ?? "") : undefined;
  return wrapped
    ? { format: "cps", fields: texts(wrapped) }
    : { format: "json", fields: texts(members) };
}

function texts(members: ReadonlyMap<string, JsonMember>): Map<string, string> {
  return new Map([...members].map(([name, { text }]) => [name, text]));
}
