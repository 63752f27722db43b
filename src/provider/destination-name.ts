import type { CallOptions } from "../konnect/call-options.js";
import type { KonnectClient } from "../konnect/client.js";
import { KonnectError } from "../konnect/errors.js";
import type { Destination } from "../konnect/wire.js";
import type { CreateContext, PlanContext, UpdateContext } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import type { ProviderRun } from "./run.js";
import type { DestinationValues } from "./values.js";

/** How long a name is waited for, in milliseconds: one that this run is about to free, and any other. */
const patience = { firstPause: 250, longestPause: 2_000, withThisRun: 60_000, withOthers: 4_000 };
/** Refuses a plan in which a new destination gets the name of one in state, as far as Terraform's order shows it. */
export function planName(context: PlanContext<DestinationValues, ProviderRun>): void {
  const { action, prior, planned, client, diagnostics } = context;
  if (!client || typeof planned?.name !== "string") return;
  if (action === "create") client.destinations.planNew(planned.name);
  if (planned.name !== prior?.name || !client.destinations.isPlanned(prior.name)) return;
  const { summary, detail, path } = providerErrors.destinationPlannedTwice(prior.name);
  diagnostics.error(summary, detail, path);
}

/** A write that Konnect refuses while another destination has the name. */
interface NamedWrite<Result> {
  name: string;
  write(): Promise<Result>;
  /** Runs each time that the name was found to be another's. */
  onTaken?(owner: Destination): Promise<void>;
}

/**
 * Writes under a name as soon as it is free: another resource of the same run may be letting go of it.
 *
 * @returns what was written, or whose the name stayed
 * @throws KonnectError, the conflict too when no destination has the name
 */
export async function whenNameIsFree<Result>(
  { name, write, onTaken }: NamedWrite<Result>,
  konnect: KonnectClient,
  {
    client: { clock, destinations },
    signal,
  }: Pick<CreateContext<unknown, ProviderRun>, "client" | "signal">,
): Promise<{ written: Result } | { owner: Destination }> {
  const latest = clock.monotonic() + patience.withThisRun;
  let deadline = clock.monotonic() + patience.withOthers;
  let pause = patience.firstPause;
  for (;;) {
    const outcome = await unlessRefused(write);
    if ("written" in outcome) return outcome;
    const owner = await ownerOfName(konnect, name, { signal });
    if (owner) await onTaken?.(owner);
    // Counted anew as long as this run is at it: it may be done between two tries.
    if (owner && destinations.isUnderWay(owner.id))
      deadline = clock.monotonic() + patience.withOthers;
    if (clock.monotonic() + pause > Math.min(deadline, latest)) {
      if (owner) return { owner };
      throw outcome.conflict;
    }
    await clock.sleep(pause, { signal });
    pause = Math.min(pause * 2, patience.longestPause);
  }
}

async function unlessRefused<Result>(
  write: () => Promise<Result>,
): Promise<{ written: Result } | { conflict: KonnectError }> {
  try {
    return { written: await write() };
  } catch (error) {
    if (!KonnectError.is(error) || error.code !== "KONNECT_CONFLICT") throw error;
    return { conflict: error };
  }
}

/**
 * Gives a destination another name.
 *
 * Where several change names among them, each would wait for the next one: the last to come steps aside under a name
 * that nobody wants.
 *
 * @param patch with the name, and whatever else changes
 * @returns what Konnect answered
 * @throws DiagnosticError when the name stays another's
 */
export async function rename(
  konnect: KonnectClient,
  patch: { name: string },
  context: UpdateContext<DestinationValues, ProviderRun>,
): Promise<Destination> {
  const { prior, client, signal, diagnostics } = context;
  let aside: string | undefined;
  const stepAside = async (owner: Destination) => {
    if (!client.destinations.waitFor(prior.id, owner.id) || aside !== undefined) return;
    const name = `${prior.name} (${prior.id})`;
    await konnect.updateDestination(prior.id, { name }, { signal });
    aside = name;
  };
  const write = () => konnect.updateDestination(prior.id, patch, { signal });
  const { name } = patch;
  try {
    const outcome = await whenNameIsFree({ name, write, onTaken: stepAside }, konnect, context);
    if ("owner" in outcome)
      throw providerErrors.destinationNameTaken(name, outcome.owner, client.foreign.shown);
    return outcome.written.body;
  } catch (error) {
    if (aside !== undefined) {
      diagnostics.warn(
        `The destination "${prior.name}" is called "${aside}" for now`,
        "It made room for another one that was to get its name. The next apply gives it its own.",
        ["name"],
      );
    }
    throw error;
  }
}

/** The destination that has a name, as far as Konnect lists it. */
async function ownerOfName(
  konnect: KonnectClient,
  name: string,
  options: CallOptions,
): Promise<Destination | undefined> {
  const found = await konnect.listDestinations({ name }, options);
  return found.find((destination) => destination.name === name);
}
