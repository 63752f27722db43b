import { globalRegion } from "../konnect/regions.js";
import { type IConstruct, onSynthesize, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { describe, type Finding, findings } from "./errors.js";
import { isToken, warn } from "./from-schema/attribute-values.js";
import { KonnectAuditProvider } from "./provider.js";

/** A construct that manages an object at Konnect of which there is exactly one: a region's webhook, or a Dev Portal's. */
interface Claim {
  kind: "region" | "portal";
  construct: IConstruct & { readonly provider?: TerraformProvider | undefined };
  /** Which region or portal. Read when the stack is validated, when setters and Aspects are through. */
  object: () => unknown;
}

/** On the stack and on the app, under a symbol that copies of this module share. */
const claimsKey = Symbol.for("konnect-audit/claims");

/**
 * Makes two constructs for one object of one organisation, or `global` beside single regions, an error at synth.
 *
 * Konnect would take both, and each apply would undo the other's. In two stacks of an app it is a warning: whether they are
 * deployed with the same token only the deploy knows.
 */
export function claim(own: Claim): void {
  const claims = claimsOf(TerraformStack.of(own.construct));
  claims.push(own);
  own.construct.node.addValidation({ validate: () => findConflict(claims, own).map(describe) });
  const everywhere = claimsOf(own.construct.node.root);
  everywhere.push(own);
  onSynthesize(own.construct, () => warnOfOtherStacks(everywhere, own));
}

function claimsOf(owner: IConstruct & { [claimsKey]?: Claim[] }): Claim[] {
  const claims = owner[claimsKey] ?? [];
  if (!owner[claimsKey]) Object.defineProperty(owner, claimsKey, { value: claims });
  return claims;
}

/** Warns at the later of two, as above. */
function warnOfOtherStacks(claims: readonly Claim[], own: Claim): void {
  const object = known(own);
  if (object === undefined) return;
  const stack = TerraformStack.of(own.construct);
  const other = claims
    .slice(0, claims.indexOf(own))
    .filter(({ kind, construct }) => kind === own.kind && TerraformStack.of(construct) !== stack)
    .filter((claim) => known(claim) === object)
    .find((claim) => hasSameAccess(claim, own));
  if (!other) return;
  warn(own.construct, findings.claimedInAnotherStack(own.kind, object, other.construct.node.path));
}

function hasSameAccess(one: Claim, other: Claim): boolean {
  const access = accessOf(one);
  return access !== undefined && access === accessOf(other);
}

/** Where a construct's provider gets its token, and for which server; `undefined` when that can't be told at synth. */
function accessOf({ construct }: Claim): string | undefined {
  const provider =
    construct.provider ??
    TerraformStack.of(construct)
      .allProviders()
      .find((each) => KonnectAuditProvider.isKonnectAuditProvider(each) && !each.alias);
  if (!KonnectAuditProvider.isKonnectAuditProvider(provider)) return undefined;
  const { tokenSource, serverUrl = "" } = provider;
  return tokenSource && `${tokenSource} ${serverUrl}`;
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
