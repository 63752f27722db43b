import { globalRegion } from "../konnect/regions.js";
import { type IConstruct, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { describe, type Finding, findings } from "./errors.js";
import { isToken } from "./from-schema/attribute-values.js";

/** A construct that manages an object at Konnect of which there is exactly one: a region's webhook, or a Dev Portal's. */
interface Claim {
  kind: "region" | "portal";
  construct: IConstruct & { readonly provider?: TerraformProvider | undefined };
  /** Which region or portal. Read when the stack is validated, when setters and Aspects are through. */
  object: () => unknown;
}

/** On the stack, under a symbol that copies of this module share. */
const claimsKey = Symbol.for("konnect-audit/claims");

/**
 * Makes two constructs for one object of one organisation, or `global` beside single regions, an error at synth.
 *
 * Konnect would take both, and each apply would undo the other's.
 */
export function claim(own: Claim): void {
  const claims = claimsOf(TerraformStack.of(own.construct));
  claims.push(own);
  own.construct.node.addValidation({ validate: () => findConflict(claims, own).map(describe) });
}

function claimsOf(stack: TerraformStack & { [claimsKey]?: Claim[] }): Claim[] {
  const claims = stack[claimsKey] ?? [];
  if (!stack[claimsKey]) Object.defineProperty(stack, claimsKey, { value: claims });
  return claims;
}

/** Compares with those before, so that each conflict is reported once, at the later of the two. */
function findConflict(claims: readonly Claim[], own: Claim): Finding[] {
  const object = known(own);
  if (object === undefined) return [];
  for (const other of claims.slice(0, claims.indexOf(own))) {
    const otherObject = known(other);
    if (other.kind !== own.kind || organisation(other) !== organisation(own)) continue;
    const path = other.construct.node.path;
    if (otherObject === object) return [findings.claimedTwice(own.kind, object, path)];
    if (otherObject === undefined || own.kind !== "region") continue;
    if ([otherObject, object].includes(globalRegion)) return [findings.globalAndRegional(path)];
  }
  return [];
}

function known({ object }: Claim): string | undefined {
  const value = object();
  return typeof value === "string" && !isToken(value) ? value : undefined;
}

/** One provider is one organisation: its token says which. */
function organisation({ construct }: Claim): string {
  return construct.provider?.alias ?? "";
}
