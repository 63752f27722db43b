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
