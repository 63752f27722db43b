import type { KonnectClient } from "../../konnect/client.js";
import { isConfigured } from "../../konnect/webhook.js";
import {
  type CreateContext,
  defineResource,
  type ReadContext,
  type UpdateContext,
} from "../../terraform/index.js";
import { adopt } from "../adoption.js";
import { boundDestination } from "../binding.js";
import {
  createdConnection,
  planConnection,
  requireAuthorization,
  requireReplaceable,
  updateConnection,
} from "../connection.js";
import type { Shown } from "../foreign.js";
import { webhookSchema } from "../generated/webhook.js";
import { importRegion } from "../import-id.js";
import { refuseMove } from "../kong-moves.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import { type Found, knownSettings, type SearchCall, warnOfExisting } from "../planned-adoption.js";
import type { ProviderRun } from "../run.js";
import { warnAboutWebhook } from "../schemas/warnings.js";
import { requireServable } from "../servable.js";
import {
  changedSettings,
  changesSettings,
  type Difference,
  differences,
  settingsOf,
} from "../settings.js";
import { type SettleContext, settle } from "../settle.js";
import { createOnce, planOnce, webhookOfPlannedRegion, webhookOfRegion } from "../single.js";
import type { WebhookValues } from "../values.js";
import { deleteWebhook } from "../webhook-removal.js";

const settingNames = ["endpoint", "enabled", "log_format", "skip_ssl_verification"] as const;
const attributesOfErrors = [...settingNames, "authorization", "region"];
/** @param region may be unknown */
const ownerOf = (region: unknown) =>
  typeof region === "string" ? `webhook in region "${region}"` : "webhook";

/** The webhook of one region: a singleton that Konnect always has, so that "create" means "configure". */
export const webhook = defineResource<WebhookValues, ProviderRun>({
  type: "konnectaudit_webhook",
  schema: webhookSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  async plan(context) {
    planOnce(context, webhookOfPlannedRegion);
    const { config, prior, planned } = context;
    requireServable(context, planned?.region, "region");
    await planConnection(context, {
      owner: ownerOf(config?.region),
      change: changesSettings(settingNames, context),
      moves: changesSettings(["endpoint"], context),
      replace: prior !== null && planned !== null && planned.region !== prior.region,
    });
    // After the credential is known, which Konnect may repeat.
    await warnOfExisting(context, (known) => ({
      single: webhookOfRegion(known.region),
      find: (call) => findExisting(call, known),
    }));
  },
  create: (context) =>
    reportingKonnect(attributesOfErrors, () =>
      createOnce(webhookOfRegion(context.planned.region), context.client, (konnect, isOwn) =>
        createWebhook(context, konnect, isOwn),
      ),
    ),
  read: (context) => reportingKonnect([], () => readWebhook(context)),
  update: (context) => reportingKonnect(attributesOfErrors, () => updateWebhook(context)),
  delete: (context) => {
    requireReplaceable(context, ownerOf(context.state.region));
    return reportingKonnect([], () => deleteWebhook(context));
  },
  importState: ({ id }) => importRegion("konnectaudit_webhook", id),
  moveState: (context) =>
    refuseMove(context, {
      ...{ source: "konnect_audit_log", target: "konnectaudit_webhook" },
      importId: "<region, for example eu>",
    }),
});

async function createWebhook(
  context: CreateContext<WebhookValues, ProviderRun>,
  konnect: KonnectClient,
  isOwn: boolean,
): Promise<WebhookValues> {
  const { planned, client, signal } = context;
  const { region } = planned;
  const authorization = requireAuthorization(context, ownerOf(region));
  if (!isOwn) await guardAdoption(context, konnect);
  const settings = settingsOf(settingNames, planned);
  const { body } = await konnect.updateWebhook(region, { ...settings, authorization }, { signal });
  const written = await createdConnection(context, authorization, body, () =>
    settleWebhook(konnect, planned, { ...context, clock: client.clock }),
  );
  return { ...planned, id: region, ...written };
}

/** Stops a create from overwriting what somebody else configured. */
async function guardAdoption(
  { planned, diagnostics, signal, client }: CreateContext<WebhookValues, ProviderRun>,
  konnect: KonnectClient,
): Promise<void> {
  const { shown } = client.foreign;
  const found = await findExisting({ konnect, signal, shown }, planned);
  if (!found) return;
  adopt(found.existing, found.different, { planned, diagnostics, credential: true });
}

/** What somebody configured in the region before. @param planned may hold unknown values, which are not compared */
async function findExisting(
  { konnect, signal, shown }: SearchCall,
  planned: WebhookValues,
): Promise<Found | undefined> {
  const { region } = planned;
  const { body: found } = await konnect.getWebhook(region, { signal });
  if (!isConfigured(found)) return undefined;
  const destination = await boundDestination(konnect, region, signal);
  const existing = {
    owner: `region "${region}"`,
    attribute: "region",
    importId: region,
    importAs: destination === undefined ? undefined : "konnectaudit_webhook_binding",
  };
  const different = differences(knownSettings(settingNames, planned), planned, found, shown);
  return { existing, different: [...destinationDifference(destination, shown), ...different] };
}

/** A webhook that is bound to a destination (v3) is somebody else's, however alike its settings are. */
function destinationDifference(id: string | undefined, shown: Shown): Difference[] {
  return id === undefined
    ? []
    : [{ field: "audit_log_destination_id", wanted: "none, own settings", found: shown(id) }];
}

async function readWebhook(
  context: ReadContext<WebhookValues, ProviderRun>,
): Promise<WebhookValues | null> {
  const { state, client, signal } = context;
  client.noteRead();
  const konnect = await client.konnect();
  const { body } = await konnect.getWebhook(state.region, { signal });
  if (!isConfigured(body)) return null;
  const isImport = state.endpoint === null;
  if (isImport) await warnIfBound(context, konnect);
  return {
    ...state,
    id: state.region,
    ...settingsOf(settingNames, body),
    // Konnect may know formats that we don't: what it says is what drift is measured against.
    log_format: body.log_format as WebhookValues["log_format"],
    updated_at: body.updated_at,
  };
}

/** To v2, a binding looks like settings of the region's own; an import would not show that the next apply ends it. */
async function warnIfBound(
  { state: { region }, diagnostics, signal, client }: ReadContext<WebhookValues, ProviderRun>,
  konnect: KonnectClient,
): Promise<void> {
  const destination = await boundDestination(konnect, region, signal);
  if (destination === undefined) return;
  diagnostics.warn(
    `Region "${region}" is bound to the destination ${client.foreign.shown(destination)}`,
    "What was imported are that destination's settings (API v3). The next write of this resource gives the region settings of its own and ends the binding. To keep it, import it as a konnectaudit_webhook_binding instead.",
    ["region"],
  );
}

async function updateWebhook(
  context: UpdateContext<WebhookValues, ProviderRun>,
): Promise<WebhookValues> {
  const { prior, planned, client, signal } = context;
  const konnect = await client.konnect();
  const written = await updateConnection(context, changedSettings(settingNames, prior, planned), {
    write: async (patch) => (await konnect.updateWebhook(planned.region, patch, { signal })).body,
    settle: () => settleWebhook(konnect, planned, { ...context, clock: client.clock }),
  });
  return { ...planned, ...written };
}

async function settleWebhook(
  konnect: KonnectClient,
  planned: WebhookValues,
  context: SettleContext & { client: ProviderRun },
): Promise<{ updated_at: string | null }> {
  const { region } = planned;
  const found = await settle(
    {
      owner: `region "${region}"`,
      read: async () => (await konnect.getWebhook(region, { signal: context.signal })).body,
      differences: (read) => differences(settingNames, planned, read, context.client.foreign.shown),
    },
    context,
  );
  return { updated_at: found?.updated_at ?? null };
}
