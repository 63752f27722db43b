import { providerType } from "../package/index.js";

/** cdktf ends the id of each nested construct with eight digits of a hash over its path. */
const logicalId = /\b([A-Za-z][\w-]*)_[0-9A-F]{8}\b/g;
const providerVersion = new RegExp(
  `("${providerType}": \\{\\s*"source": "[^"]*",\\s*"version": ")[^"]*`,
  "g",
);

/**
 * A snapshot serializer for synthesized JSON: masks the hashes in cdktf's ids and the version of the provider, which change
 * without a change of the stack's meaning. `expect.addSnapshotSerializer(maskIds)`.
 */
export const maskIds = {
  /** Takes what cdktf's `Testing.synth` returns. */
  test(value: unknown): boolean {
    return typeof value === "string" && /^\{\s*"/.test(value) && value.includes(providerType);
  },

  serialize(value: string): string {
    return value.replace(logicalId, "$1_<id>").replace(providerVersion, "$1<version>");
  },
} as const;
