import { isConfigured } from "../../konnect/webhook.js";
import {
  type DeleteContext,
  defineResource,
  type ReadContext,
  type UpdateContext,
} from "../../terraform/index.js";
import {
  type BoundWebhook,
  bindingSettings,
  createBinding,
  findExistingBinding,
  planBinding,
  updateBinding,
} from "../binding.js";
import { webhookBindingSchema } from "../generated/webhook-binding.js";
import { importRegion } from "../import-id.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import { type SearchCall, warnOfExisting } from "../planned-adoption.js";
import type { ProviderRun } from "../run.js";
import { warnAboutWebhook } from "../schemas/warnings.js";
import { requireServable } from "../servable.js";
import { type Difference, differences } from "../settings.js";
import {
  createOnce,
  planOnce,
  removeUnlessRewritten,
  webhookOfPlannedRegion,
  webhookOfRegion,
} from "../single.js";
import type { WebhookBindingValues } from "../values.js";

const attributesOfErrors = [...bindingSettings, "region"];

/** The webhook of one region in its v3 view: bound to a destination. */
export const webhookBinding = defineResource<WebhookBindingValues, ProviderRun>({
  type: "konnectaudit_webhook_binding",
  schema: webhookBindingSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  async plan(context) {
    planOnce(context, webhookOfPlannedRegion);
    requireServable(context, context.planned?.region, "region");
    await warnOfExisting(context, (planned) => ({
      single: webhookOfRegion(planned.region),
      find: ({ konnect, signal, shown }) =>
        findExistingBinding(webhookOf({ konnect, signal, shown }, planned.region), planned, shown),
    }));
    planBinding(context);
  },
  create: (context) =>
    reportingKonnect(attributesOfErrors, () =>
      createOnce(
        webhookOfRegion(context.planned.region),
        context.client,
        async (konnect, isOwn) => {
          const { planned, signal, client } = context;
          const { shown } = client.foreign;
          const webhook = webhookOf({ konnect, signal, shown }, planned.region);
          const created = await createBinding(context, webhook, isOwn);
          return { ...planned, id: planned.region, ...created };
        },
      ),
    ),
  read: (context) => reportingKonnect([], () => readWebhookBinding(context)),
  update: (context) => reportingKonnect(attributesOfErrors, () => updateWebhookBinding(context)),
  delete: (context) => reportingKonnect([], () => deleteWebhookBinding(context)),
  importState: ({ id }) => importRegion("konnectaudit_webhook_binding", id),
});

function webhookOf({ konnect, signal, shown }: SearchCall, region: string): BoundWebhook {
  return {
    owner: `region "${region}"`,
    attribute: "region",
    importId: region,
    read: async () => (await konnect.getBinding(region, { signal }))?.body,
    write: (patch) => konnect.updateBinding(region, patch, { signal }),
    unboundSettings: () => ownSettings({ konnect, signal, shown }, region),
  };
}

/** What a region delivers to that was configured with the API's v2. */
async function ownSettings(
  { konnect, signal, shown }: SearchCall,
  region: string,
): Promise<Difference[]> {
  const { body } = await konnect.getWebhook(region, { signal });
  if (!isConfigured(body)) return [];
  const [endpoint] = differences(["endpoint"], { endpoint: "unconfigured" }, body, shown);
  const found = shown(
    `none: its own settings, ${endpoint?.found}, ${body.enabled ? "enabled" : "disabled"}`,
  );
  return [{ field: "audit_log_destination_id", wanted: "a destination", found }];
}

async function readWebhookBinding({
  state,
  client,
  signal,
}: ReadContext<WebhookBindingValues, ProviderRun>): Promise<WebhookBindingValues | null> {
  const { region } = state;
  const konnect = await client.konnect();
  const found = await konnect.getBinding(region, { signal });
  // A wrong server URL answers 404 too, but then v2, which knows no 404, has none either: that throws.
  if (!found) await konnect.getWebhook(region, { signal });
  if (!found?.body.audit_log_destination_id) return null;
  const { audit_log_destination_id, enabled } = found.body;
  return { ...state, id: region, audit_log_destination_id, enabled };
}

async function updateWebhookBinding(
  context: UpdateContext<WebhookBindingValues, ProviderRun>,
): Promise<WebhookBindingValues> {
  const { planned, client, signal } = context;
  const call = { konnect: await client.konnect(), signal, shown: client.foreign.shown };
  const webhook = webhookOf(call, planned.region);
  return { ...planned, ...(await updateBinding(context, webhook)) };
}

async function deleteWebhookBinding(
  context: DeleteContext<WebhookBindingValues, ProviderRun>,
): Promise<void> {
  const { region } = context.state;
  await removeUnlessRewritten(webhookOfRegion(region), context, {
    remove: (konnect) => konnect.deleteWebhook(region, { signal: context.signal }),
  });
}
