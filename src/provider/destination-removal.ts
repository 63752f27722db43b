import type { Clock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import { KonnectError } from "../konnect/errors.js";
import { knownRegions } from "../konnect/regions.js";
import type { DiagnosticSink } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import type { ProviderRun } from "./run.js";

/** The pauses between tries in milliseconds, as Kong's own kongctl has them. */
const pauses = { first: 250, longest: 5_000, within: 60_000 };

interface Removal {
  state: { id: string; name: string };
  client: ProviderRun;
  signal: AbortSignal;
  diagnostics: DiagnosticSink;
}

/**
 * Deletes a destination, and waits while webhooks of the same run let go of it.
 *
 * @throws DiagnosticError that names the regions which hold it, when a minute was not enough
 */
export async function deleteDestination({
  state,
  client,
  signal,
  diagnostics,
}: Removal): Promise<void> {
  if (client.destinations.isAdopted(state.id)) {
    diagnostics.warn(
      `Left the audit-log destination "${state.name}" as it is`,
      `This run gave ${state.id} to another resource, which has the same name and settings.`,
    );
    return;
  }
  const konnect = await client.konnect();
  const deleted = await client.destinations.change(state.id, () =>
    untilReleased(client.clock, signal, () => konnect.deleteDestination(state.id, { signal })),
  );
  if (deleted) return;
  const holders = await findHolders(konnect, state.id, signal);
  throw providerErrors.destinationInUse(state, { seconds: pauses.within / 1000, ...holders });
}

/** Tries while Konnect answers that the destination is in use. @returns whether it worked in time */
async function untilReleased(
  clock: Clock,
  signal: AbortSignal,
  remove: () => Promise<unknown>,
): Promise<boolean> {
  const deadline = clock.monotonic() + pauses.within;
  for (let pause = pauses.first; ; pause = Math.min(pause * 2, pauses.longest)) {
    try {
      await remove();
      return true;
    } catch (error) {
      // The one documented conflict; its text is not to be relied on, because live answers leave `detail` out at times.
      if (!KonnectError.is(error) || error.code !== "KONNECT_CONFLICT") throw error;
    }
    if (clock.monotonic() + pause > deadline) return false;
    await clock.sleep(pause, { signal });
  }
}

/** Asks every known region which destination its webhook is bound to. */
async function findHolders(
  konnect: KonnectClient,
  id: string,
  signal: AbortSignal,
): Promise<{ held: string[]; unasked: string[] }> {
  const asked = await Promise.all(
    knownRegions.map(async (region) => {
      try {
        const binding = await konnect.getBinding(region, { signal });
        return { region, holds: binding?.body.audit_log_destination_id === id };
      } catch (error) {
        // A region that can't be asked must not hide what the others answered.
        if (!KonnectError.is(error) || error.code === "KONNECT_CANCELLED") throw error;
        return { region, holds: undefined };
      }
    }),
  );
  const regionsWhere = (holds: boolean | undefined) =>
    asked.filter((answer) => answer.holds === holds).map(({ region }) => region);
  return { held: regionsWhere(true), unasked: regionsWhere(undefined) };
}
