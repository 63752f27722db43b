import { isWellFormedRegion } from "../konnect/regions.js";
import { isConfigured, type WebhookPatch } from "../konnect/webhook.js";
import {
  type CreateContext,
  type DeleteContext,
  defineResource,
  isUnknown,
  type PlanContext,
  type ReadContext,
  type UpdateContext,
} from "../terraform/index.js";
import { differences, providerErrors, reportingKonnect, type VisibleSettings } from "./errors.js";
import { CredentialFingerprints } from "./fingerprint.js";
import { webhookSchema } from "./generated/schemas.js";
import { rotates } from "./rotation.js";
import type { ProviderRun } from "./run.js";
import { rules } from "./schemas/rules.js";
import { warnAboutWebhook } from "./schemas/warnings.js";
import { confirmRemoval, settle } from "./settle.js";
import type { WebhookValues } from "./values.js";

const settingNames = ["endpoint", "enabled", "log_format", "skip_ssl_verification"] as const;
const attributesOfErrors = [...settingNames, "authorization", "region"];

/** The webhook of one region: a singleton that Konnect always has, so that "create" means "configure". */
export const webhook = defineResource<WebhookValues, ProviderRun>({
  type: "konnectaudit_webhook",
  schema: webhookSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  plan: planWebhook,
  create: (context) => reportingKonnect(attributesOfErrors, () => createWebhook(context)),
  read: (context) => reportingKonnect([], () => readWebhook(context)),
  update: (context) => reportingKonnect(attributesOfErrors, () => updateWebhook(context)),
  delete: (context) => reportingKonnect([], () => deleteWebhook(context)),

  importState({ id }) {
    if (!isWellFormedRegion(id)) {
      throw providerErrors.malformedImportId(id, rules.region(id) ?? "is not a region");
    }
    return { id, region: id };
  },
});

async function planWebhook(context: PlanContext<WebhookValues, ProviderRun>): Promise<void> {
  const { action, config, prior, planned, client } = context;
  if (action === "create" && config?.authorization === null) {
    // Not an error yet: a drift check runs without the credential, and has to be able to plan a webhook that is gone.
    const missing = providerErrors.authorizationMissing(String(config.region));
    context.diagnostics.warn(missing.summary, `${missing.detail} Apply will fail.`, missing.path);
  }
  if (action !== "update" || !config || !prior || !planned) return;
  const settingsChange = settingNames.some((name) => planned[name] !== prior[name]);
  const fingerprints = client?.fingerprints ?? new CredentialFingerprints();
  const rotation = await rotates(config, prior, context.private, fingerprints);
  if (settingsChange) context.markUnknown("updated_at");
  if (rotation !== false) context.markUnknown("authorization_revision");
  if (settingsChange || rotation !== false) context.markUnknown("revision");
}

async function createWebhook(
  context: CreateContext<WebhookValues, ProviderRun>,
): Promise<WebhookValues> {
  const { config, planned, client, signal } = context;
  const { region } = planned;
  if (client.createdRegions.has(region)) throw providerErrors.createdTwice(region);
  const { authorization } = config;
  if (authorization === null) throw providerErrors.authorizationMissing(region);

  const konnect = await client.konnect();
  const { body: found } = await konnect.getWebhook(region, { signal });
  // Asked again, because a second resource of this run may have claimed the region while we were reading.
  if (client.createdRegions.has(region)) throw providerErrors.createdTwice(region);
  if (isConfigured(found)) guardAdoption(context, found);
  client.createdRegions.add(region);

  await konnect.updateWebhook(region, { ...settingsOf(planned), authorization }, { signal });
  await client.fingerprints.remember(authorization, context.private);
  const settled = await settle(konnect, planned, { ...context, clock: client.clock });
  return {
    ...planned,
    id: region,
    authorization: null,
    authorization_revision: 1,
    revision: client.mintRevision(),
    updated_at: settled.updated_at,
  };
}

/** Stops a create from overwriting what somebody else configured. */
function guardAdoption(
  { planned, diagnostics }: CreateContext<WebhookValues, ProviderRun>,
  found: VisibleSettings,
): void {
  const different = differences(settingsOf(planned), found);
  if (different.length > 0 && !planned.adopt_existing) {
    throw providerErrors.alreadyConfigured(planned.region, different);
  }
  const overwritten = different.map(({ field, found: there }) => `${field} (was ${there})`);
  diagnostics.warn(
    `Adopted the existing audit-log webhook of region "${planned.region}"`,
    overwritten.length > 0
      ? `It was configured outside of this Terraform state. Overwritten: ${overwritten.join(", ")}, and the authorization.`
      : "It was configured already, with the same settings: by an interrupted run, or by somebody else. The authorization was written again.",
    ["region"],
  );
}

async function readWebhook({
  state,
  client,
  signal,
}: ReadContext<WebhookValues, ProviderRun>): Promise<WebhookValues | null> {
  const konnect = await client.konnect();
  const { body } = await konnect.getWebhook(state.region, { signal });
  if (!isConfigured(body)) return null;
  return {
    ...state,
    id: state.region,
    endpoint: body.endpoint,
    enabled: body.enabled,
    // Konnect may know formats that we don't: what it says is what drift is measured against.
    log_format: body.log_format as WebhookValues["log_format"],
    skip_ssl_verification: body.skip_ssl_verification,
    updated_at: body.updated_at,
  };
}

async function updateWebhook(
  context: UpdateContext<WebhookValues, ProviderRun>,
): Promise<WebhookValues> {
  const { config, prior, planned, client, signal } = context;
  const patch: WebhookPatch = changedSettings(prior, planned);
  const rotated = (await rotates(config, prior, context.private, client.fingerprints)) === true;
  if (rotated && config.authorization !== null) patch.authorization = config.authorization;

  const unchanged = {
    ...planned,
    authorization: null,
    authorization_revision: prior.authorization_revision,
    revision: prior.revision,
    updated_at: prior.updated_at,
  };
  if (Object.keys(patch).length === 0) return unchanged;

  const konnect = await client.konnect();
  await konnect.updateWebhook(planned.region, patch, { signal });
  if (patch.authorization !== undefined) {
    await client.fingerprints.remember(patch.authorization, context.private);
  }
  const settled = await settle(konnect, planned, { ...context, clock: client.clock });
  return {
    ...unchanged,
    authorization_revision: rotated
      ? (prior.authorization_revision ?? 0) + 1
      : prior.authorization_revision,
    revision: client.mintRevision(),
    // Known in the plan of a mere rotation, so that such a plan shows nothing but the two revisions.
    updated_at: isUnknown(planned.updated_at) ? settled.updated_at : planned.updated_at,
  };
}

async function deleteWebhook({
  state,
  client,
  signal,
  diagnostics,
}: DeleteContext<WebhookValues, ProviderRun>): Promise<void> {
  const { region, on_destroy } = state;
  if (on_destroy === "retain") return;
  if (client.createdRegions.has(region)) {
    diagnostics.warn(
      `The webhook of region "${region}" was left as it is`,
      "This run wrote the same region for another resource first; removing it now would cut the audit trail.",
    );
    return;
  }
  const konnect = await client.konnect();
  await konnect.updateWebhook(region, { enabled: false }, { signal });
  if (on_destroy === "disable") return;
  await konnect.deleteWebhook(region, { signal });
  await confirmRemoval(konnect, region, { signal, diagnostics });
}

function settingsOf(values: VisibleSettings): VisibleSettings {
  const { endpoint, enabled, log_format, skip_ssl_verification } = values;
  return { endpoint, enabled, log_format, skip_ssl_verification };
}

function changedSettings(
  prior: VisibleSettings,
  planned: VisibleSettings,
): Partial<VisibleSettings> {
  return Object.fromEntries(
    settingNames
      .filter((name) => planned[name] !== prior[name])
      .map((name) => [name, planned[name]]),
  );
}
