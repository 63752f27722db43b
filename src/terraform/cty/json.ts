import { CtyError } from "./errors.js";
import { parseNumber } from "./number.js";
import type { NumberValue } from "./value.js";

/** A JSON value with exact numbers. */
export type ExactJson =
  | null
  | string
  | boolean
  | NumberValue
  | ExactJson[]
  | { [name: string]: ExactJson };

const maxDepth = 500;

/** A number that JSON.parse may round: more than 15 digits, or an exponent. */
const mayLoseDigits = /[\d.]{16}|\d[eE][+-]?\d/;
/** Strings are full of what looks like one: hashes, ids. */
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Parses JSON without rounding numbers, as `JSON.parse` does.
 *
 * @throws CtyError when the text is no JSON; it never quotes the text, which may hold secrets
 */
export function parseJson(text: string): ExactJson {
  if (mayLoseDigits.test(text) && mayLoseDigits.test(text.replace(strings, '""'))) {
    return new Parser(text).document();
  }
  try {
    return JSON.parse(text) as ExactJson;
  } catch {
    throw new CtyError("not valid JSON");
  }
}

class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  document(): ExactJson {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.text.length) throw this.#error();
    return value;
  }

  #value(depth: number): ExactJson {
    if (depth > maxDepth) throw new CtyError("JSON is nested too deeply");
    this.#skipSpace();
    switch (this.text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#literal("true", true);
      case "f":
        return this.#literal("false", false);
      case "n":
        return this.#literal("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): ExactJson {
    const entries: [string, ExactJson][] = [];
    this.#at++;
    if (this.#take("}")) return {};
    do {
      this.#skipSpace();
      const name = this.#string();
      if (!this.#take(":")) throw this.#error();
      entries.push([name, this.#value(depth + 1)]);
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#error();
    return Object.fromEntries(entries);
  }

  #array(depth: number): ExactJson {
    const elements: ExactJson[] = [];
    this.#at++;
    if (this.#take("]")) return elements;
    do elements.push(this.#value(depth + 1));
    while (this.#take(","));
    if (!this.#take("]")) throw this.#error();
    return elements;
  }

  #string(): string {
    const start = this.#at;
    if (this.text[start] !== '"') throw this.#error();
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, end + 1)) as string;
    } catch {
      throw this.#error();
    }
  }

  #number(): ExactJson {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.#error();
    this.#at += found.length;
    return parseNumber(found);
  }

  #literal<T extends ExactJson>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) throw this.#error();
    this.#at += word.length;
    return value;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (" \t\r\n".includes(this.text[this.#at] ?? "x")) this.#at++;
  }

  #error(): CtyError {
    return new CtyError(`not valid JSON at offset ${this.#at}`);
  }
}
