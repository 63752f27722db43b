import { TerraformStack } from "../constructs/cdktf.js";

/** A stack, or the JSON that cdktf's `Testing.synth` made of one. */
export type Synthesizable = TerraformStack | string;

type Block = Readonly<Record<string, unknown>>;

/** The resources of one type in a stack, with Terraform's names. */
export function resourcesOf(received: unknown, type: string): Block[] {
  return Object.values(namedResourcesOf(received, type));
}

/** The same by their names in the stack's JSON. */
export function namedResourcesOf(received: unknown, type: string): Record<string, Block> {
  const { resource } = toJson(received) as { resource?: Record<string, Record<string, Block>> };
  const found = Object.entries(resource?.[type] ?? {});
  return Object.fromEntries(found.map(([name, block]) => [name, withoutMetadata(block)]));
}

function toJson(received: unknown): unknown {
  if (typeof received === "string") return JSON.parse(received);
  if (TerraformStack.isStack(received)) return received.toTerraform();
  throw new TypeError("Expected a TerraformStack, or what Testing.synth(stack) returns.");
}

/** cdktf keeps the construct's path and stack trace under this key. */
function withoutMetadata({ "//": _metadata, ...attributes }: Block): Block {
  return attributes;
}
