import type { IConstruct } from "./cdktf.js";
import { describe, type Finding } from "./errors.js";

/** cdktf's own types of metadata, which its command line shows. */
const types = { warning: "@cdktf/warn", error: "@cdktf/error" } as const;

/**
 * Adds a finding to a construct, which cdktf's command line shows: a warning, or an error that ends synth.
 *
 * Not by cdktf's `Annotations`, which add a stack trace of this library to each: the path says where it is.
 *
 * @param finding or an object whose text is asked for when synth writes it, since it may still grow
 */
export function annotate(
  scope: IConstruct,
  level: keyof typeof types,
  finding: Finding | { toString(): string; toJSON(): string },
): void {
  const message = "code" in finding ? describe(finding) : finding;
  scope.node.addMetadata(types[level], message, { stackTrace: false });
}
