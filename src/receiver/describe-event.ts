import pc from "picocolors";
import { cleanText } from "../core/foreign-text.js";
import { deliveredFields } from "../events/pull-record.js";
import type { ReceivedEvent, SignatureOutcome } from "./received-event.js";

type Colors = ReturnType<typeof pc.createColors>;

const signatureMarks: Record<SignatureOutcome, (colors: Colors) => string> = {
  valid: (colors) => colors.green("signed"),
  invalid: (colors) => colors.red("INVALID SIGNATURE"),
  unsigned: (colors) => colors.yellow("unsigned"),
  unverifiable: (colors) => colors.yellow("signature not verifiable"),
};

/** What each kind of event is about, in the words of its own fields. */
const subjects: Record<NonNullable<ReceivedEvent["kind"]>, (field: Field) => string> = {
  authentication: (field) => `${field("request")} success=${field("success")}`,
  authorization: (field) => `${field("action")} granted=${field("granted")}`,
  access: (field) => `${field("act")} ${field("request")} ${field("status")}`,
};

type Field = (name: string) => string;

/** Characters that a line shows of each field. */
const longestField = 200;

/**
 * An event as one readable line: time, severity, what happened, by whom, from where, and its signature.
 *
 * Every field is cleaned, because a caller of Konnect's API chooses its User-Agent.
 */
export function describeEvent(
  received: ReceivedEvent,
  colors: Colors = pc.createColors(false),
): string {
  const { kind, probe_id: probeId } = received;
  const event = deliveredEvent(received);
  const mark = signatureMarks[received.signature](colors);
  if (!event) {
    return `${cleanText(received.received_at)} ${colors.yellow("not an audit event")} ${cleanText(received.raw)}`;
  }
  const field: Field = (name) => cleanText(event[name] ?? "-", longestField) || "-";
  const severity = Number(event.severity);
  return [
    field("event_ts"),
    paint(severity, colors)(`[${field("severity").padStart(2)}]`),
    field("name"),
    kind ? subjects[kind](field) : "",
    `by ${field(event.principal_name ? "principal_name" : "principal_id")}`,
    `from ${field("src")}`,
    probeId
      ? colors.cyan(`probe ${cleanText(probeId, longestField)}`)
      : colors.dim(field("user_agent")),
    mark,
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** The fields by the names of delivered lines, which records of the pull API have other names for. */
function deliveredEvent({ format, event }: ReceivedEvent): ReceivedEvent["event"] {
  if (format !== "pull" || !event) return event;
  return Object.fromEntries(deliveredFields(new Map(Object.entries(event))));
}

/** CEF's bands: 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high. */
function paint(severity: number, colors: Colors): (text: string) => string {
  if (!(severity >= 4)) return colors.dim;
  return severity >= 7 ? colors.red : colors.yellow;
}
