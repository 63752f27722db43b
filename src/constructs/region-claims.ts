import { globalRegion } from "../konnect/regions.js";
import { isToken } from "./attribute-values.js";
import { type IConstruct, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { describe, type Finding, findings } from "./errors.js";

/** A construct that manages the one webhook of a region. */
interface Claim {
  construct: IConstruct;
  /** Read when the stack is validated, when setters and Aspects are through. */
  region: () => unknown;
  provider: () => TerraformProvider | undefined;
}

/** On the stack, under a symbol that copies of this module share. */
const claimsKey = Symbol.for("konnect-audit/region-claims");

/** Makes two webhooks on one region of one organisation, or `global` beside single regions, an error at synth. */
export function claimRegion(claim: Claim): void {
  const claims = claimsOf(TerraformStack.of(claim.construct));
  claims.push(claim);
  claim.construct.node.addValidation({
    validate: () => findConflict(claims, claim).map(describe),
  });
}

function claimsOf(stack: TerraformStack & { [claimsKey]?: Claim[] }): Claim[] {
  const claims = stack[claimsKey] ?? [];
  if (!stack[claimsKey]) Object.defineProperty(stack, claimsKey, { value: claims });
  return claims;
}

/** Compares with those before, so that each conflict is reported once, at the later of the two. */
function findConflict(claims: readonly Claim[], claim: Claim): Finding[] {
  const region = claim.region();
  if (typeof region !== "string" || isToken(region)) return [];
  for (const other of claims.slice(0, claims.indexOf(claim))) {
    const otherRegion = other.region();
    if (organisation(other) !== organisation(claim)) continue;
    if (typeof otherRegion !== "string" || isToken(otherRegion)) continue;
    const path = other.construct.node.path;
    if (otherRegion === region) return [findings.regionTwice(region, path)];
    if ([otherRegion, region].includes(globalRegion)) return [findings.globalAndRegional(path)];
  }
  return [];
}

/** One provider is one organisation: its token says which. */
function organisation({ provider }: Claim): string {
  return provider()?.alias ?? "";
}
