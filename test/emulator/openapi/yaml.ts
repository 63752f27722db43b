/** A value of a YAML document. */
export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };

interface Line {
  indent: number;
  text: string;
  number: number;
}

/**
 * Reads the YAML that OpenAPI documents are dumped as: block mappings and lists, plain, quoted and literal scalars.
 *
 * @throws Error for anything else: what is not understood must not be skipped
 */
export function parseYaml(source: string): Yaml {
  const lines = source.split("\n").map((raw, index) => ({
    indent: raw.length - raw.trimStart().length,
    text: raw.trim(),
    number: index + 1,
  }));
  const reader = new Reader(lines.filter(({ text }) => !text.startsWith("#")));
  const value = reader.block(0);
  reader.expectEnd();
  return value;
}

const key = /^('(?:[^']|'')*'|"[^"]*"|[^\s'"{[\-|>&*!%@#][^:]*?):(?: (.*))?$/;

class Reader {
  #position = 0;

  constructor(private readonly lines: readonly Line[]) {}

  /** A mapping, a list or nothing, whose lines are indented by at least `indent`. */
  block(indent: number): Yaml {
    const line = this.#peek();
    if (!line || line.indent < indent) return null;
    return isItem(line) ? this.#list(line.indent) : this.#mapping(line.indent);
  }

  expectEnd(): void {
    const line = this.#peek();
    if (line) throw new Error(`YAML line ${line.number} is not understood: ${line.text}`);
  }

  #mapping(indent: number): Yaml {
    const mapping: { [key: string]: Yaml } = {};
    for (let line = this.#peek(); line?.indent === indent && !isItem(line); line = this.#peek()) {
      const match = key.exec(line.text);
      if (!match) throw new Error(`YAML line ${line.number} is no member: ${line.text}`);
      this.#position += 1;
      mapping[String(scalar(match[1] ?? ""))] = this.#value(indent, match[2] ?? "");
    }
    return mapping;
  }

  #list(indent: number): Yaml {
    const items: Yaml[] = [];
    for (let line = this.#peek(); line?.indent === indent && isItem(line); line = this.#peek()) {
      const rest = line.text.slice(1).trimStart();
      const shift = line.text.length - rest.length;
      if (key.test(rest)) {
        // The item's first member stands behind the dash: read it as a line of its own.
        line.text = rest;
        line.indent += shift;
        items.push(this.#mapping(line.indent));
      } else {
        this.#position += 1;
        items.push(this.#value(indent, rest));
      }
    }
    return items;
  }

  #value(indent: number, rest: string): Yaml {
    if (rest === "") {
      const next = this.#peek();
      // A list may stand at the indentation of its key.
      const at = next && isItem(next) && next.indent === indent ? indent : indent + 1;
      return this.block(at);
    }
    if (rest === "|" || rest === "|-") return this.#literal(indent);
    return scalar(this.#folded(indent, rest));
  }

  /** Deeper lines belong to the scalar; it is only ever prose, so its inner indentation does not matter. */
  #literal(indent: number): string {
    return this.#deeperLines(indent).join("\n").trim();
  }

  #folded(indent: number, first: string): string {
    const isOpen = first.startsWith("'") && !/^'(?:[^']|'')*'$/.test(first);
    if (!isOpen && /^['"{[]/.test(first)) return first;
    return [first, ...this.#deeperLines(indent)].filter((part) => part !== "").join(" ");
  }

  #deeperLines(indent: number): string[] {
    const texts: string[] = [];
    for (;;) {
      const line = this.lines[this.#position];
      if (!line || (line.text !== "" && line.indent <= indent)) return texts;
      texts.push(line.text);
      this.#position += 1;
    }
  }

  #peek(): Line | undefined {
    while (this.lines[this.#position]?.text === "") this.#position += 1;
    return this.lines[this.#position];
  }
}

function isItem({ text }: Line): boolean {
  return text === "-" || text.startsWith("- ");
}

function scalar(text: string): Yaml {
  if (text === "{}") return {};
  if (text === "[]") return [];
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(text)) return JSON.parse(text) as string;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (/^[{[&*!|>%@`]/.test(text)) throw new Error(`YAML scalar is not understood: ${text}`);
  return text === "null" || text === "~" ? null : text;
}
