/** Names in code for things that have a name of their own; no two are the same. */
export class Identifiers {
  readonly #taken = new Set<string>();

  /**
   * @param name any text
   * @returns a constant's name, such as `splunkProd`, and a construct's id, such as `splunk-prod`
   */
  take(name: string): { constant: string; id: string } {
    const words = toWords(name);
    for (let count = 1; ; count++) {
      const numbered = count === 1 ? words : [...words, String(count)];
      const [constant, id] = [constantName(numbered), numbered.join("-")];
      // Prefixed, because "a 2b" and "a2b" are one constant and two ids.
      const names = [`constant ${constant}`, `id ${id}`];
      if (names.some((each) => this.#taken.has(each))) continue;
      for (const each of names) this.#taken.add(each);
      return { constant, id };
    }
  }
}

function toWords(name: string): string[] {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  if (!/^[a-z]/.test(words[0] ?? "")) return ["destination", ...words];
  return reserved.has(constantName(words)) ? [...words, "destination"] : words;
}

function constantName([first = "", ...rest]: readonly string[]): string {
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Words that can't name a constant in the stack's constructor: JavaScript's own, and the constructor's parameters. */
const reserved = new Set(
  "scope id break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield await arguments eval undefined".split(
    " ",
  ),
);
