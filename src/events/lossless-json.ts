import { parseJson } from "../core/json.js";

/** A member of a JSON object. */
export interface JsonMember {
  /** The value's source text. */
  source: string;
  /** The decoded string, or the source text of any other value. */
  text: string;
}

/** A member and where in the object's text it stands, from its key's quote to the end of its value. */
export interface PlacedMember extends JsonMember {
  key: string;
  start: number;
  end: number;
}

/**
 * Reads a JSON object's own members without loss: strings decoded, every other value as its source text. Of members with one
 * name the last counts, as with `JSON.parse`.
 *
 * `JSON.parse` would round `trace_id`, which older events carry as a number beyond 2^53; and only from Node 21 on does
 * its reviver see the source text.
 *
 * @returns `undefined` when `text` is not one JSON object
 */
export function readJsonMembers(text: string): Map<string, JsonMember> | undefined {
  const members = placeJsonMembers(text);
  return members && new Map(members.map((member) => [member.key, member]));
}

/**
 * Reads a JSON object's own members in their order, several with one name included.
 *
 * @returns `undefined` when `text` is not one JSON object
 */
export function placeJsonMembers(text: string): PlacedMember[] | undefined {
  // Validating first lets the scan below assume well-formed input.
  if (!isJsonObject(text)) return undefined;
  const members: PlacedMember[] = [];
  let position = skipBlanks(text, text.indexOf("{") + 1);
  while (text[position] === '"') {
    const start = position;
    const keyEnd = endOfString(text, start);
    const key = JSON.parse(text.slice(start, keyEnd)) as string;
    const valueStart = skipBlanks(text, skipBlanks(text, keyEnd) + 1); // past the colon
    const end = endOfMember(text, valueStart);
    const source = text.slice(valueStart, end);
    const value = source.startsWith('"') ? (JSON.parse(source) as string) : source;
    members.push({ key, source, text: value, start, end });
    position = skipBlanks(text, end);
    if (text[position] === ",") position = skipBlanks(text, position + 1);
  }
  return members;
}

/**
 * Finds the end of a JSON object that other text follows.
 *
 * @param start where its brace stands
 * @returns the position behind it, or -1 when no JSON object begins there
 */
export function endOfJsonObject(text: string, start: number): number {
  if (text[start] !== "{") return -1;
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text[position];
    if (character === '"') {
      position = endOfString(text, position) - 1;
    } else if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return isJsonObject(text.slice(start, position + 1)) ? position + 1 : -1;
    }
  }
  return -1;
}

function isJsonObject(text: string): boolean {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function skipBlanks(text: string, position: number): number {
  let next = position;
  while (next < text.length && " \t\r\n".includes(text.charAt(next))) next += 1;
  return next;
}

/** The position behind a string, or behind the text if the string does not end. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text[position] !== '"') {
    position += text[position] === "\\" ? 2 : 1;
  }
  return position + 1;
}

function endOfMember(text: string, start: number): number {
  let depth = 0;
  let position = start;
  for (;;) {
    const character = text[position];
    if (character === '"') {
      position = endOfString(text, position);
      continue;
    }
    if (depth === 0 && (character === "," || character === "}")) return trimEnd(text, position);
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    position += 1;
  }
}

function trimEnd(text: string, end: number): number {
  let position = end;
  while (" \t\r\n".includes(text.charAt(position - 1))) position -= 1;
  return position;
}
