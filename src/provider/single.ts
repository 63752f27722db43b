import type { KonnectClient } from "../konnect/client.js";
import type { DiagnosticSink, PlanContext } from "../terraform/index.js";
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

/** The same for values that may not know their region yet. */
export function webhookOfPlannedRegion({ region }: { region: unknown }): Single | undefined {
  return typeof region === "string" ? webhookOfRegion(region) : undefined;
}

/**
 * Refuses a plan in which a new resource wants what another one has in state, as far as Terraform's order shows it.
 *
 * @param singleOf the object of some values; undefined while they are unknown
 */
export function planOnce<Values>(
  { prior, planned, client, diagnostics }: PlanContext<Values, ProviderRun>,
  singleOf: (values: NonNullable<typeof planned> | Values) => Single | undefined,
): void {
  const held = prior === null ? undefined : singleOf(prior);
  if (client && held) client.plannedClaims.hold(held.claim);
  const wanted = planned && singleOf(planned);
  if (!client || !wanted) return;
  if (prior === null) {
    client.plannedClaims.want(wanted.claim);
    return;
  }
  if (held?.claim !== wanted.claim || !client.plannedClaims.isWanted(wanted.claim)) return;
  const { summary, detail, path } = providerErrors.plannedTwice(wanted);
  diagnostics.error(summary, detail, path);
}

/**
 * Creates an object, unless another resource of this run already did.
 *
 * @param create is told whether this run let go of the object before, as in a replacement: then what Konnect has is its own
 * @throws DiagnosticError when one did
 */
export function createOnce<Result>(
  { claim, owned, rule, attribute }: Single,
  { claims, konnect }: ProviderRun,
  create: (konnect: KonnectClient, isOwn: boolean) => Promise<Result>,
): Promise<Result> {
  return claims.inTurn(claim, async () => {
    if (claims.has(claim)) throw providerErrors.createdTwice(owned, rule, attribute);
    const created = await create(await konnect(), claims.isReleased(claim));
    claims.add(claim);
    return created;
  });
}

/** How one object is removed. */
interface Removal {
  remove(konnect: KonnectClient): Promise<unknown>;
  /** Says in a sentence whose it is by now, when it is another resource's. */
  findOtherOwner?(konnect: KonnectClient): Promise<string | undefined>;
}

/** Removes an object, unless this run or an earlier one gave it to another resource: then a removal would undo that. */
export function removeUnlessRewritten(
  { claim, owned }: Single,
  { client, diagnostics }: { client: ProviderRun; diagnostics: DiagnosticSink },
  { remove, findOtherOwner }: Removal,
): Promise<void> {
  return client.claims.inTurn(claim, async () => {
    const konnect = await client.konnect();
    const otherOwner = client.claims.has(claim)
      ? "This run wrote it for another resource first."
      : await findOtherOwner?.(konnect);
    if (otherOwner === undefined) {
      await remove(konnect);
      client.claims.release(claim);
      return;
    }
    diagnostics.warn(
      `Left ${owned} as it is`,
      `${otherOwner} Removing it now would cut the audit trail.`,
    );
  });
}
