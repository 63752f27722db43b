import { parseJson } from "../cty/json.js";
import type { JsonValue } from "../schema/schema.js";

/**
 * A small JSON store that Terraform keeps beside a resource's state and shows to nobody. It is not
 * encrypted: hashes and versions belong here, secrets do not.
 */
export interface PrivateState {
  get(key: string): JsonValue | undefined;
  set(key: string, value: JsonValue): void;
  delete(key: string): void;
}

/** The private state of one call. Untouched, it goes back to Terraform byte for byte. */
export class PrivateBytes implements PrivateState {
  readonly #original: Uint8Array;
  #entries: Map<string, JsonValue> | undefined;
  #changed = false;

  constructor(original: Uint8Array = new Uint8Array()) {
    this.#original = original;
  }

  get(key: string): JsonValue | undefined {
    return this.#read().get(key);
  }

  set(key: string, value: JsonValue): void {
    this.#read().set(key, value);
    this.#changed = true;
  }

  delete(key: string): void {
    this.#changed = this.#read().delete(key) || this.#changed;
  }

  bytes(): Uint8Array {
    if (!this.#changed) return this.#original;
    return Buffer.from(JSON.stringify(Object.fromEntries(this.#read())));
  }

  #read(): Map<string, JsonValue> {
    this.#entries ??= new Map(Object.entries(parseEntries(this.#original)));
    return this.#entries;
  }
}

/** Bytes that are no JSON object are another provider's: the store then begins empty. */
function parseEntries(bytes: Uint8Array): Record<string, JsonValue> {
  if (bytes.length === 0) return {};
  try {
    const json = parseJson(Buffer.from(bytes).toString("utf8"));
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
    return isObject ? (json as Record<string, JsonValue>) : {};
  } catch {
    return {};
  }
}
