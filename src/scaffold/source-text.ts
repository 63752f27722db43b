/** A value in source code: a literal, or a call with one argument. */
export type Source =
  | string
  | number
  | boolean
  | readonly Source[]
  | { readonly [property: string]: Source | undefined }
  | Call;

/** A call such as `Siem.splunk({ … })`. */
export class Call {
  constructor(
    readonly callee: string,
    readonly argument: Source,
  ) {}
}

const width = 100;

/**
 * Writes a value as TypeScript, on one line where it fits.
 *
 * @param indent blanks that the line begins with
 * @param before characters in front of the value on its line
 */
export function printSource(source: Source, indent: number, before = 0): string {
  const line = inline(source);
  if (indent + before + line.length <= width - 1) return line;
  return expanded(source, indent);
}

function inline(source: Source): string {
  if (source instanceof Call) return `${source.callee}(${inline(source.argument)})`;
  if (isList(source)) return `[${source.map(inline).join(", ")}]`;
  if (typeof source !== "object") return literal(source);
  const members = entriesOf(source).map(([name, value]) => `${name}: ${inline(value)}`);
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}

function expanded(source: Source, indent: number): string {
  if (source instanceof Call) return `${source.callee}(${expanded(source.argument, indent)})`;
  if (typeof source !== "object") return literal(source);
  const [open, close] = isList(source) ? "[]" : "{}";
  const lines = isList(source)
    ? source.map((value) => printSource(value, indent + 2))
    : entriesOf(source).map(
        ([name, value]) => `${name}: ${printSource(value, indent + 2, name.length + 2)}`,
      );
  const inner = " ".repeat(indent + 2);
  return `${open}\n${lines.map((line) => `${inner}${line},\n`).join("")}${" ".repeat(indent)}${close}`;
}

/**
 * A literal without characters that hide in a source, reorder its lines or steer a terminal, and without what CI systems take
 * for a command when the file is printed there: JSON leaves them as they are.
 */
export function literal(value: string | number | boolean): string {
  return JSON.stringify(value)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{DI}]/gu, escaped)
    .replace(/#(?=#[a-z]*\[)/gi, escaped)
    .replace(/:(?=:[a-z])/gi, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

function isList(source: Source): source is readonly Source[] {
  return Array.isArray(source);
}

function entriesOf(source: object): [string, Source][] {
  return Object.entries(source).filter(([, value]) => value !== undefined);
}
