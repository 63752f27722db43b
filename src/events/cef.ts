import { type AuditEvent, cefVersion, eventKind, eventVendor, eventVersion } from "./event.js";
import { extensionOrder, fieldOf, knownExtensions, optionalExtensions } from "./fields.js";

// Keys are what the JSON form calls them.
const header =
  /^CEF:(?<cef_version>[^|]*)\|(?<event_vendor>[^|]*)\|(?<event_product>[^|]*)\|(?<event_version>[^|]*)\|(?<event_class_id>[^|]*)\|(?<name>[^|]*)\|(?<severity>[^|]*)\|(?<extensions>.*)$/s;

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
 * Reads a CEF line, tolerating foreign prefixes, unknown extensions, another order and a cut-off end.
 *
 * Values hold unescaped blanks and `=`, and callers of Konnect choose `user_agent`: a value is delimited by the
 * documented order of extensions first, and by the known names only where a line does not follow that order.
 *
 * @returns `undefined` when the line has no CEF header
 */
export function parseCef(line: string): Map<string, string> | undefined {
  const start = line.indexOf("CEF:");
  const head = start < 0 ? undefined : header.exec(line.slice(start))?.groups;
  if (!head) return undefined;
  const { extensions = "", ...headFields } = head;
  const eventTs = timeOfPrefix(line.slice(0, start).trim());
  const fields = new Map<string, string>(eventTs ? [["event_ts", eventTs]] : []);
  for (const [name, value] of Object.entries(headFields)) fields.set(name, value);
  const signed = cutCefSignature(extensions);
  const body = signed?.payload ?? trimAsciiEnd(extensions);
  const kind = eventKind(fields.get("name") ?? "");
  const ordered =
    kind && body.length <= maxOrderedLength ? parseRest(body, extensionOrder[kind]) : undefined;
  for (const [name, value] of ordered ?? parseByName(body)) fields.set(name, value);
  if (signed) fields.set("sig", signed.signature);
  return fields;
}

/**
 * Cuts the signature off the end of a CEF line, with the blank before it.
 *
 * Only the last `sig=` counts, and only at the end: a user agent can hold one too.
 */
export function cutCefSignature(line: string): { payload: string; signature: string } | undefined {
  const start = line.lastIndexOf(" sig=");
  const signature = trimAsciiEnd(line.slice(start + 5));
  if (start < 0 || /\s/.test(signature)) return undefined;
  return { payload: trimAsciiEnd(line.slice(0, start)), signature };
}

// Not trimEnd(): of a line read as Latin-1 that would cut 0xA0, the last byte of many a UTF-8 character.
function trimAsciiEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r".includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The syslog prefix is `{time} {host}`; the time held blanks before 2024, and relays drop either part. */
function timeOfPrefix(prefix: string): string | undefined {
  const host = prefix.lastIndexOf(" ");
  if (host > 0) return prefix.slice(0, host).trimEnd();
  return /^\d{4}-/.test(prefix) ? prefix : undefined;
}

/** Values that may hold blanks. All others end at the next blank. */
const freeText = new Set(["principal_name", "user_agent", "query"]);
// Hostile free text must not make a line expensive to parse; HTTP servers allow some 16 KiB of headers.
const maxBorders = 16;
const maxOrderedLength = 64 * 1024;

function parseRest(rest: string, names: readonly string[]): [string, string][] | undefined {
  const [name, ...following] = names;
  if (name === undefined) return rest === "" ? [] : undefined;
  if (!rest.startsWith(`${name}=`)) {
    return optionalExtensions.has(name) ? parseRest(rest, following) : undefined;
  }
  const text = rest.slice(name.length + 1);
  for (const end of valueEnds(name, text, following)) {
    const value = text.slice(0, end);
    if (name === "query" && !isJson(value)) continue;
    const others = parseRest(text.slice(end + 1), following);
    if (others) return [[name, value], ...others];
  }
  return undefined;
}

/** Where a value may end, the likeliest place first. */
function valueEnds(name: string, text: string, following: readonly string[]): number[] {
  if (following.length === 0) return [text.length];
  if (!freeText.has(name)) {
    const blank = text.indexOf(" ");
    return blank < 0 ? [] : [blank];
  }
  const borders = [...text.matchAll(/ (?=([a-z_]+)=)/g)]
    .filter((match) => following.includes(match[1] ?? ""))
    .map((match) => match.index);
  // A caller can forge what follows its user agent but not what Konnect appends: there the last border counts.
  return (name === "user_agent" ? borders.reverse() : borders).slice(0, maxBorders);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const nameBorder = new RegExp(`(?:^| )(?=(?:${knownExtensions.join("|")})=)`);
const anyName = /^([A-Za-z_][\w.-]*)=/;

function parseByName(body: string): [string, string][] {
  const fields = new Map<string, string>();
  for (const part of body.split(nameBorder)) {
    const name = anyName.exec(part)?.[1];
    // The first one counts: Konnect's own fields come before the free text that could imitate them.
    if (name && !fields.has(name)) fields.set(name, part.slice(name.length + 1));
  }
  return [...fields];
}
