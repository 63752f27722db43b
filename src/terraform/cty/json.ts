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

/**
 * Parses JSON without rounding numbers, as `JSON.parse` does.
 *
 * @throws CtyError when the text is no JSON; it never quotes the text, which may hold secrets
 */
export function parseJson(text: string): ExactJson {
  if (mayLoseDigits.test(text) && holdsLongNumber(text)) return new Parser(text).document();
  try {
    return JSON.parse(text) as ExactJson;
  } catch {
    throw new CtyError("not valid JSON");
  }
}

/** Looks between strings, which are full of what looks like such a number: hashes, ids. */
function holdsLongNumber(text: string): boolean {
  let at = 0;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', at)) {
    if (mayLoseDigits.test(text.slice(at, open))) return true;
    at = endOfString(text, open);
  }
  return mayLoseDigits.test(text.slice(at));
}

/** @param start where its quotation mark is @returns the place after its last one, or beyond the text */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
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
    this.#at = endOfString(this.text, start);
    try {
      return JSON.parse(this.text.slice(start, this.#at)) as string;
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
