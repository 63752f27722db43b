import { type Cleaner, type CleanText, createCleaner } from "../core/foreign-text.js";

/** Credentials that a client remembers; an apply with a changing one must not grow for ever. */
const most = 64;

/** The secrets that a client knows, and a cleaner that takes all of them out of what others say. */
export class KnownSecrets {
  readonly #given: readonly (string | undefined)[];
  readonly #learned = new Set<string>();
  #clean: Cleaner | undefined;

  /** @param given secrets that are known from the start */
  constructor(given: Iterable<string | undefined>) {
    this.#given = [...given];
  }

  /** Adds a secret, such as the credential in a request; nothing when there is none. */
  learn(secret: unknown): void {
    if (typeof secret !== "string" || secret === "" || this.#learned.has(secret)) return;
    if (this.#learned.size >= most) this.#learned.delete([...this.#learned][0] ?? "");
    this.#learned.add(secret);
    this.#clean = undefined;
  }

  /** Cleans foreign text. @param most characters of the result. @default 500 */
  readonly clean: Cleaner = (text, longest) => {
    this.#clean ??= createCleaner([...this.#given, ...this.#learned]);
    return this.#clean(text, longest);
  };

  /** Cleans foreign text that may not be there. */
  cleanOptional(text: string | undefined, longest?: number): CleanText | undefined {
    return text === undefined ? undefined : this.clean(text, longest);
  }
}
