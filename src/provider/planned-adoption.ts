import type { KonnectClient } from "../konnect/client.js";
import { KonnectError } from "../konnect/errors.js";
import { isKnownRegion } from "../konnect/regions.js";
import { isUnknown, type PlanContext } from "../terraform/index.js";
import type { ExistingWebhook } from "./adoption.js";
import { providerErrors } from "./errors.js";
import type { Shown } from "./foreign.js";
import type { ProviderRun } from "./run.js";
import type { Difference } from "./settings.js";
import type { Single } from "./single.js";

/** How long a plan waits for the answer, in milliseconds: apply asks again, and is the one that refuses. */
const patience = 5_000;

/** What Konnect has in place of a new webhook. */
export interface Found {
  existing: ExistingWebhook;
  /** How it differs from what is planned. */
  different: readonly Difference[];
}

/** What a look at Konnect needs. */
export interface SearchCall {
  konnect: KonnectClient;
  signal: AbortSignal;
  shown: Shown;
}

/** How the object of a new webhook is found at Konnect. */
interface Search {
  single: Single;
  find(call: SearchCall): Promise<Found | undefined>;
}

/**
 * Warns in the plan of a new webhook that apply is going to refuse it, because somebody configured another one before: where
 * plans are approved, that is where it has to be read.
 *
 * Says nothing where it can't be told. Only regions that Konnect documents are asked: others may have no host.
 *
 * @param searchFor is given the planned values, of which the region is known, and others may be unknown
 */
export async function warnOfExisting<Values extends { region: string; adopt_existing: boolean }>(
  { action, planned, client, signal, diagnostics }: PlanContext<Values, ProviderRun>,
  searchFor: (planned: Values) => Search | undefined,
): Promise<void> {
  if (action !== "create" || !client || !planned || planned.adopt_existing !== false) return;
  if (typeof planned.region !== "string" || !isKnownRegion(planned.region)) return;
  const search = searchFor(planned as Values);
  // Its own, in a replacement or in the hands of another resource, which apply lets go of first.
  if (!search || client.plannedClaims.isHeld(search.single.claim)) return;
  try {
    const withPatience = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const found = await search.find({
      konnect: await client.konnect(),
      signal: withPatience,
      shown: client.foreign.shown,
    });
    if (!found || found.different.length === 0) return;
    const refusal = providerErrors.alreadyConfigured(found.existing, found.different);
    const outlook = "Apply will fail here, unless it removes what is there first.";
    diagnostics.warn(refusal.summary, `${refusal.detail}\n\n${outlook}`, refusal.path);
  } catch (error) {
    if (!KonnectError.is(error) || signal.aborted) throw error;
  }
}

/** The planned settings that are known by now. */
export function knownSettings<Name extends string>(
  names: readonly Name[],
  planned: Readonly<Record<Name, unknown>>,
): Name[] {
  return names.filter((name) => !isUnknown(planned[name]));
}
