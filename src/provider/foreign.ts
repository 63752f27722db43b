import { type CleanText, createCleaner } from "../core/foreign-text.js";

/** Longest part of a diagnostic that is Konnect's. */
const longest = 200;

/** What the resources of one run know of secrets that Konnect may repeat in any of its answers. */
export class Foreign {
  readonly #secrets = new Set<string>();

  /** Notes a token or a credential. */
  learn(secret: string): void {
    this.#secrets.add(secret);
  }

  /** What Konnect answered, as a diagnostic may show it. */
  readonly shown: Shown = (text) => createCleaner(this.#secrets)(text, longest);
}

/** Makes a text of Konnect's fit for a diagnostic. */
export type Shown = (text: string) => CleanText;
