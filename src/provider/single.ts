import type { KonnectClient } from "../konnect/client.js";
import type { DiagnosticSink } from "../terraform/index.js";
import type { Claim } from "./claims.js";
import { providerErrors } from "./errors.js";
import type { ProviderRun } from "./run.js";

/** An object of which Konnect can have only one, so that two resources would write the same. */
export interface Single {
  claim: Claim;
  /** For messages: `the audit-log webhook of region "eu"`. */
  owned: string;
  /** Why there is only one: a main clause. */
  rule: string;
  /** The attribute that names the object. */
  attribute: string;
}

/** A region's webhook, in its v2 and its v3 view. */
export function webhookOfRegion(region: string): Single {
  return {
    claim: `webhook of region ${region}`,
    owned: `the audit-log webhook of region "${region}"`,
    rule: "A region has exactly one webhook",
    attribute: "region",
  };
}

/**
 * Creates an object, unless another resource of this run already did.
 *
 * @throws DiagnosticError when one did
 */
export function createOnce<Result>(
  { claim, owned, rule, attribute }: Single,
  { claims, konnect }: ProviderRun,
  create: (konnect: KonnectClient) => Promise<Result>,
): Promise<Result> {
  return claims.inTurn(claim, async () => {
    if (claims.has(claim)) throw providerErrors.createdTwice(owned, rule, attribute);
    const created = await create(await konnect());
    claims.add(claim);
    return created;
  });
}

/** Removes an object, unless this run wrote it for another resource: then a removal would undo that. */
export function removeUnlessRewritten(
  { claim, owned }: Single,
  { client, diagnostics }: { client: ProviderRun; diagnostics: DiagnosticSink },
  remove: (konnect: KonnectClient) => Promise<void>,
): Promise<void> {
  return client.claims.inTurn(claim, async () => {
    if (!client.claims.has(claim)) return remove(await client.konnect());
    diagnostics.warn(
      `Left ${owned} as it is`,
      "This run wrote it for another resource first; removing it now would cut the audit trail.",
    );
  });
}
