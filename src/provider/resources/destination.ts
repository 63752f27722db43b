import { ownText } from "../../core/foreign-text.js";
import type { KonnectClient } from "../../konnect/client.js";
import { globalRegion } from "../../konnect/regions.js";
import type { Destination } from "../../konnect/wire.js";
import {
  type CreateContext,
  defineResource,
  type ReadContext,
  type UpdateContext,
} from "../../terraform/index.js";
import {
  createdConnection,
  planConnection,
  requireAuthorization,
  requireReplaceable,
  updateConnection,
} from "../connection.js";
import { planName, rename, whenNameIsFree } from "../destination-name.js";
import { deleteDestination } from "../destination-removal.js";
import { providerErrors } from "../errors.js";
import type { Shown } from "../foreign.js";
import { destinationSchema } from "../generated/destination.js";
import { moveDestination } from "../kong-moves.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import type { ProviderRun } from "../run.js";
import { rules } from "../schemas/rules.js";
import { warnAboutWebhook } from "../schemas/warnings.js";
import { requireServable } from "../servable.js";
import { changedSettings, changesSettings, differences, settingsOf } from "../settings.js";
import { type SettleContext, settle } from "../settle.js";
import { createOnce, type Single } from "../single.js";
import type { DestinationValues } from "../values.js";

const settingNames = ["name", "endpoint", "log_format", "skip_ssl_verification"] as const;
const attributesOfErrors = [...settingNames, "authorization"];
/** @param name may be unknown */
const ownerOf = (name: unknown) =>
  typeof name === "string" ? `destination "${name}"` : "destination";

/** A named connection to a SIEM, for the webhooks of every region. */
export const destination = defineResource<DestinationValues, ProviderRun>({
  type: "konnectaudit_destination",
  schema: destinationSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  plan(context) {
    planName(context);
    requireServable(context, globalRegion);
    return planConnection(context, {
      owner: ownerOf(context.config?.name),
      change: changesSettings(settingNames, context),
      moves: changesSettings(["endpoint"], context),
    });
  },
  create: (context) => reportingKonnect(attributesOfErrors, () => createDestination(context)),
  read: (context) => reportingKonnect([], () => readDestination(context)),
  update: (context) => reportingKonnect(attributesOfErrors, () => updateDestination(context)),
  delete: (context) => {
    requireReplaceable(context, ownerOf(context.state.name));
    return reportingKonnect([], () => deleteDestination(context));
  },

  importState({ id }) {
    const problem = rules.uuid(id);
    if (problem === undefined) return { id };
    const expected =
      "Konnect's id of it; the data source konnectaudit_destinations finds it by name";
    throw providerErrors.malformedImportId("konnectaudit_destination", { id, expected, problem });
  },
  moveState: moveDestination,
});

async function createDestination(
  context: CreateContext<DestinationValues, ProviderRun>,
): Promise<DestinationValues> {
  const { planned, client } = context;
  const authorization = requireAuthorization(context, ownerOf(planned.name));
  return createOnce(destinationOfName(planned.name), client, async (konnect) => {
    const created = await createOrAdopt(context, konnect, authorization);
    const { id, created_at } = created;
    const written = await createdConnection(context, authorization, created, () =>
      settleDestination(konnect, id, planned, settling(context)),
    );
    return { ...planned, ...written, id, created_at };
  });
}

function destinationOfName(name: string): Single {
  return {
    claim: `destination ${name}`,
    owned: `the audit-log destination "${name}"`,
    rule: "Names of destinations are unique in an organisation",
    attribute: "name",
  };
}

/**
 * Creates the destination, or takes over one of that name with the same settings: a create that was killed after its
 * POST left it, and a POST is never repeated.
 */
async function createOrAdopt(
  context: CreateContext<DestinationValues, ProviderRun>,
  konnect: KonnectClient,
  authorization: string,
): Promise<Destination> {
  const { planned, client, diagnostics, signal } = context;
  const input = { ...settingsOf(settingNames, planned), authorization };
  const write = () => konnect.createDestination(input, { signal });
  const outcome = await whenNameIsFree({ name: planned.name, write }, konnect, context);
  if ("written" in outcome) return outcome.written.body;

  const { owner } = outcome;
  const isLeftOver =
    differences(settingNames, planned, owner, client.foreign.shown).length === 0 &&
    client.destinations.adopt(owner.id);
  if (!isLeftOver)
    throw providerErrors.destinationNameTaken(planned.name, owner, client.foreign.shown);
  try {
    const { body } = await konnect.updateDestination(owner.id, input, { signal });
    diagnostics.warn(
      `Adopted the existing audit-log destination "${planned.name}"`,
      `${client.foreign.shown(owner.id)} has the same name and settings: left by an interrupted run, or made by somebody else. The authorization was written again.`,
      ["name"],
    );
    return body;
  } catch (error) {
    client.destinations.abandon(owner.id);
    throw error;
  }
}

async function readDestination({
  state,
  client,
  signal,
}: ReadContext<DestinationValues, ProviderRun>): Promise<DestinationValues | null> {
  client.noteRead();
  const konnect = await client.konnect();
  const found = await konnect.getDestination(state.id, { signal });
  if (!found) {
    // A wrong server URL answers 404 too, but then there is no list either: that throws.
    await konnect.listDestinations({ name: state.name ?? state.id }, { signal });
    return null;
  }
  const { body } = found;
  return {
    ...state,
    ...settingsOf(settingNames, body),
    // Konnect may know formats that we don't: what it says is what drift is measured against.
    log_format: body.log_format as DestinationValues["log_format"],
    created_at: body.created_at,
    updated_at: body.updated_at,
  };
}

async function updateDestination(
  context: UpdateContext<DestinationValues, ProviderRun>,
): Promise<DestinationValues> {
  const { prior, planned, client, signal } = context;
  if (client.destinations.isAdopted(prior.id)) throw providerErrors.destinationAdopted(prior);
  const konnect = await client.konnect();
  const written = await client.destinations.change(prior.id, () =>
    updateConnection(context, changedSettings(settingNames, prior, planned), {
      async write({ name, ...patch }) {
        if (name !== undefined) return rename(konnect, { name, ...patch }, context);
        return (await konnect.updateDestination(prior.id, patch, { signal })).body;
      },
      settle: () => settleDestination(konnect, prior.id, planned, settling(context)),
    }),
  );
  return { ...planned, ...written };
}

/** What reading back needs. */
type DestinationSettling = SettleContext & { shown: Shown };

function settling({
  client: { clock, foreign },
  signal,
  diagnostics,
}: CreateContext<DestinationValues, ProviderRun>): DestinationSettling {
  return { clock, signal, diagnostics, shown: foreign.shown };
}

async function settleDestination(
  konnect: KonnectClient,
  id: string,
  planned: DestinationValues,
  context: DestinationSettling,
): Promise<{ updated_at: string | null }> {
  const found = await settle(
    {
      owner: ownerOf(planned.name),
      read: async () => (await konnect.getDestination(id, { signal: context.signal }))?.body,
      differences: (read) =>
        read
          ? differences(settingNames, planned, read, context.shown)
          : [{ field: "name", wanted: planned.name, found: ownText("no such destination") }],
    },
    context,
  );
  return { updated_at: found?.updated_at ?? null };
}
