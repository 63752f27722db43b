import type { KonnectClient } from "../../konnect/client.js";
import {
  type CreateContext,
  type DeleteContext,
  defineResource,
  type ImportContext,
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
import { providerErrors } from "../errors.js";
import { portalWebhookSchema } from "../generated/portal-webhook.js";
import { refuseMove } from "../kong-moves.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import { warnOfExisting } from "../planned-adoption.js";
import type { ProviderRun } from "../run.js";
import { rules } from "../schemas/rules.js";
import { warnAboutWebhook } from "../schemas/warnings.js";
import { requireServable } from "../servable.js";
import { createOnce, planOnce, removeUnlessRewritten, type Single } from "../single.js";
import type { PortalWebhookValues } from "../values.js";

const attributesOfErrors = [...bindingSettings, "region", "portal_id"];

/** What tells one portal's webhook from others. */
type Identity = Pick<PortalWebhookValues, "region" | "portal_id">;

const idOf = ({ region, portal_id }: Identity) => `${region}/${portal_id}`;

function webhookOfPortal(identity: Identity): Single {
  return {
    claim: `webhook of portal ${idOf(identity)}`,
    owned: `the audit-log webhook of portal ${identity.portal_id}`,
    rule: "A Dev Portal has exactly one webhook",
    attribute: "portal_id",
  };
}

/** The webhook of one Dev Portal. */
export const portalWebhook = defineResource<PortalWebhookValues, ProviderRun>({
  type: "konnectaudit_portal_webhook",
  schema: portalWebhookSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  async plan(context) {
    planOnce(context, ({ region, portal_id }) =>
      typeof region === "string" && typeof portal_id === "string"
        ? webhookOfPortal({ region, portal_id })
        : undefined,
    );
    requireServable(context, context.planned?.region, "region");
    await warnOfExisting(context, (planned) =>
      typeof planned.portal_id === "string"
        ? {
            single: webhookOfPortal(planned),
            find: ({ konnect, signal, shown }) =>
              findExistingBinding(webhookOf(konnect, planned, signal), planned, shown),
          }
        : undefined,
    );
    planBinding(context);
  },
  create: (context) => reportingKonnect(attributesOfErrors, () => createPortalWebhook(context)),
  read: (context) => reportingKonnect([], () => readPortalWebhook(context)),
  update: (context) => reportingKonnect(attributesOfErrors, () => updatePortalWebhook(context)),
  delete: (context) => reportingKonnect([], () => deletePortalWebhook(context)),
  importState: importPortalWebhook,
  moveState: (context) =>
    refuseMove(context, {
      ...{ source: "konnect_portal_audit_log_webhook", target: "konnectaudit_portal_webhook" },
      importId: "<region>/<portal_id>",
    }),
});

function webhookOf(konnect: KonnectClient, identity: Identity, signal: AbortSignal): BoundWebhook {
  const { region, portal_id } = identity;
  return {
    owner: `portal ${portal_id} in region "${region}"`,
    attribute: "portal_id",
    importId: idOf(identity),
    read: async () => (await konnect.getPortalWebhook(region, portal_id, { signal }))?.body,
    write: (patch) => konnect.updatePortalWebhook(region, portal_id, patch, { signal }),
  };
}

function createPortalWebhook(
  context: CreateContext<PortalWebhookValues, ProviderRun>,
): Promise<PortalWebhookValues> {
  const { planned, client, signal } = context;
  return createOnce(webhookOfPortal(planned), client, async (konnect, isOwn) => {
    const webhook = webhookOf(konnect, planned, signal);
    const created = await createBinding(context, webhook, isOwn);
    return { ...planned, id: idOf(planned), ...created };
  });
}

async function readPortalWebhook({
  state,
  client,
  signal,
}: ReadContext<PortalWebhookValues, ProviderRun>): Promise<PortalWebhookValues | null> {
  const { region, portal_id } = state;
  const konnect = await client.konnect();
  const found = await konnect.getPortalWebhook(region, portal_id, { signal });
  // A wrong server URL answers 404 too, but then there is no regional webhook, which knows no 404, either: that throws.
  if (!found) await konnect.getWebhook(region, { signal });
  if (!found?.body.audit_log_destination_id) return null;
  const { audit_log_destination_id, enabled } = found.body;
  return { ...state, id: idOf(state), audit_log_destination_id, enabled };
}

async function updatePortalWebhook(
  context: UpdateContext<PortalWebhookValues, ProviderRun>,
): Promise<PortalWebhookValues> {
  const { planned, client, signal } = context;
  const webhook = webhookOf(await client.konnect(), planned, signal);
  return { ...planned, ...(await updateBinding(context, webhook)) };
}

async function deletePortalWebhook(
  context: DeleteContext<PortalWebhookValues, ProviderRun>,
): Promise<void> {
  const { region, portal_id } = context.state;
  await removeUnlessRewritten(webhookOfPortal(context.state), context, {
    remove: (konnect) => konnect.deletePortalWebhook(region, portal_id, { signal: context.signal }),
  });
}

function importPortalWebhook({ id }: ImportContext): Partial<PortalWebhookValues> {
  const [region = "", portal_id = "", ...rest] = id.split("/");
  const problem = problemOfId(region, portal_id, rest.length);
  if (problem === undefined) return { id, region, portal_id };
  throw providerErrors.malformedImportId("konnectaudit_portal_webhook", {
    id,
    expected: "region/portal_id, for example eu/d32d905a-ed33-46a3-a093-d8f536af9a8a",
    problem,
  });
}

function problemOfId(region: string, portalId: string, partsMore: number): string | undefined {
  if (partsMore > 0) return "has more than two parts";
  const ofRegion = rules.region(region);
  if (ofRegion !== undefined) return `does not fit: its region ${ofRegion}`;
  const ofPortal = rules.uuid(portalId);
  return ofPortal === undefined ? undefined : `does not fit: its portal_id ${ofPortal}`;
}
