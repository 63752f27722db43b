/**
 * Reads a JSON object's own members without loss: strings decoded, every other value as its source text.
 *
 * `JSON.parse` would round `trace_id`, which older events carry as a number beyond 2^53; and only from Node 21 on does
 * its reviver see the source text.
 *
 * @returns `undefined` when `text` is not one JSON object
 */
export function readJsonMembers(text: string): Map<string, JsonMember> | undefined {
  if (!isJsonObject(text)) return undefined;
  const members = new Map<string, JsonMember>();
  let position = skipBlanks(text, text.indexOf("{") + 1);
  while (text[position] === '"') {
    const keyEnd = endOfString(text, position);
    const key = JSON.parse(text.slice(position, keyEnd)) as string;
    const start = skipBlanks(text, skipBlanks(text, keyEnd) + 1); // past the colon
    const end = endOfValue(text, start);
    const source = text.slice(start, end);
    members.set(key, {
      source,
      text: source.startsWith('"') ? (JSON.parse(source) as string) : source,
    });
    position = skipBlanks(text, end);
    if (text[position] === ",") position = skipBlanks(text, position + 1);
  }
  return members;
}

export interface JsonMember {
  /** The value's source text. */
  source: string;
  /** The decoded string, or the source text of any other value. */
  text: string;
}

// Validating first lets the scan above assume well-formed input.
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function skipBlanks(text: string, position: number): number {
  let next = position;
  while (next < text.length && " \t\r\n".includes(text.charAt(next))) next += 1;
  return next;
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === "\\" ? 2 : 1;
  return position + 1;
}

function endOfValue(text: string, start: number): number {
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
