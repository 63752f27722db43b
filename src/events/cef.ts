import { readCefExtensions } from "./cef-extensions.js";
import { type AuditEvent, cefVersion, eventKind, eventVendor, eventVersion } from "./event.js";
import { extensionOrder, fieldOf } from "./fields.js";

/** The header's fields in their order, by the names that the JSON form has for them. */
const headerNames = [
  "cef_version",
  "event_vendor",
  "event_product",
  "event_version",
  "event_class_id",
  "name",
  "severity",
] as const;

/** Writes an event as Konnect's CEF line, without `sig`. Values are neither quoted nor escaped, as in Konnect's lines. */
export function formatCef(event: AuditEvent): string {
  const { event_ts, event_product, event_class_id, name, severity } = event;
  let extensions = "";
  for (const extension of extensionOrder[event.kind]) {
    const value = fieldOf(event, extension);
    if (value !== undefined) extensions += `${extensions ? " " : ""}${extension}=${value}`;
  }
  return `${event_ts} konghq.com CEF:${cefVersion}|${eventVendor}|${event_product}|${eventVersion}|${event_class_id}|${name}|${severity}|${extensions}`;
}

/**
 * Reads a CEF line, tolerating a relay's header, escaped pipes, unknown extensions, another order and a cut-off end.
 *
 * Values hold unescaped blanks and `=`, and callers of Konnect choose `user_agent` and `query`: see
 * {@link readCefExtensions} for what delimits them.
 *
 * @returns `undefined` when the line has no CEF header
 */
export function parseCef(line: string): Map<string, string> | undefined {
  const start = line.indexOf(cefMark);
  const header = start < 0 ? undefined : readHeader(line, start + cefMark.length);
  if (!header) return undefined;
  const fields = new Map<string, string>();
  const time = konnectPrefix(line, start)?.time;
  if (time !== undefined) fields.set("event_ts", time);
  for (const [index, name] of headerNames.entries()) fields.set(name, header.values[index] ?? "");
  const rest = line.slice(header.end);
  const signed = cutCefSignature(rest);
  const kind = eventKind(fields.get("name") ?? "");
  const body = signed?.payload ?? trimBlanksAtEnd(rest);
  const extensions = readCefExtensions(body, kind, { signed: signed !== undefined });
  for (const [name, value] of extensions) fields.set(name, value);
  if (signed) fields.set("sig", signed.signature);
  return fields;
}

/**
 * Cuts the signature off the end of a CEF line, with the blanks before it.
 *
 * Only the last `sig=` counts, and only at the end: a user agent can hold one too.
 */
export function cutCefSignature(line: string): { payload: string; signature: string } | undefined {
  const start = Math.max(line.lastIndexOf(" sig="), line.lastIndexOf("\tsig="));
  if (start < 0) return undefined;
  const signature = trimBlanksAtEnd(line.slice(start + 5));
  // The end of a query that holds the same text is none.
  if (/[ \t]|"\}$/.test(signature)) return undefined;
  return { payload: trimBlanksAtEnd(line.slice(0, start)), signature };
}

/** Where Konnect's own line begins behind the header that a syslog relay has put before it; 0 where there is none. */
export function startBehindRelay(line: string): number {
  const mark = line.indexOf(cefMark);
  const start = mark < 0 ? undefined : konnectPrefix(line, mark)?.start;
  return start !== undefined && relayHeader.test(line.slice(0, start)) ? start : 0;
}

const cefMark = "CEF:";

/** Only blanks of ASCII: of a line read as Latin-1 trimEnd() would cut 0xA0, the last byte of many a UTF-8 character. */
function trimBlanksAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r".includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Splits the header at its pipes; those that are part of a value are escaped by a backslash, which is undone here. */
function readHeader(line: string, start: number): { values: string[]; end: number } | undefined {
  const values: string[] = [];
  let value = "";
  for (let at = start; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === "\\" && (next === "|" || next === "\\")) {
      value += next;
      at += 1;
    } else if (character === "|") {
      values.push(value);
      value = "";
      if (values.length === headerNames.length) return { values, end: at + 1 };
    } else {
      value += character;
    }
  }
  return undefined;
}

const isoTime = String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?`;
const syslogTime = String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}`;
const prefixEnd = new RegExp(`(?<=^|[ >])(?:${isoTime}|${syslogTime})(?=(?: \\S+)? *$)`);
// RFC 3164 and RFC 5424, with the length before it where lines come over TCP (RFC 6587), or as a file keeps it.
const relayHeader = new RegExp(
  `^(?:\\d{1,7} )?(?:<\\d{1,3}>)?(?:1 )?(?:${isoTime}|${syslogTime}) \\S.* $`,
);
const longestPrefix = 512;

/** Konnect's syslog prefix is `{time} {host}`; a relay's own time and host may stand before it, so the last time counts. */
function konnectPrefix(line: string, mark: number): { time: string; start: number } | undefined {
  if (mark > longestPrefix) return undefined;
  const match = prefixEnd.exec(line.slice(0, mark));
  return match ? { time: match[0], start: match.index } : undefined;
}
