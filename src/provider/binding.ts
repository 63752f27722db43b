import type { KonnectClient } from "../konnect/client.js";
import type { Binding } from "../konnect/wire.js";
import type { CreateContext, PlanContext, UpdateContext } from "../terraform/index.js";
import { adopt, type ExistingWebhook } from "./adoption.js";
import type { Shown } from "./foreign.js";
import { plannedOr } from "./planned.js";
import { type Found, knownSettings } from "./planned-adoption.js";
import type { ProviderRun } from "./run.js";
import {
  changedSettings,
  changesSettings,
  type Difference,
  differences,
  settingsOf,
} from "./settings.js";
import { settle } from "./settle.js";

/** The settings of a webhook in its v3 view. */
export const bindingSettings = ["audit_log_destination_id", "enabled"] as const;

/** What the webhooks of regions and Dev Portals have in common. */
export interface BindingValues {
  audit_log_destination_id: string;
  enabled: boolean;
  adopt_existing: boolean;
  revision: string | null;
}

type BindingSettings = Pick<BindingValues, (typeof bindingSettings)[number]>;

/** One webhook at Konnect. */
export interface BoundWebhook extends ExistingWebhook {
  /** `undefined`: Konnect has none. */
  read(): Promise<Binding | undefined>;
  write(patch: Partial<BindingSettings>): Promise<unknown>;
  /** What else the webhook delivers to when it is bound to no destination. */
  unboundSettings?(): Promise<Difference[]>;
}

/** The destination that a region's webhook is bound to in the API's v3, if any. */
export async function boundDestination(
  konnect: KonnectClient,
  region: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const binding = await konnect.getBinding(region, { signal });
  return binding?.body.audit_log_destination_id ?? undefined;
}

/** Plans a new revision exactly when something is written. */
export function planBinding(context: PlanContext<BindingValues, ProviderRun>): void {
  if (changesSettings(bindingSettings, context)) context.markUnknown("revision");
}

/**
 * Binds a webhook that nobody else configured.
 *
 * @param isOwn whether this run let go of it before, so that what Konnect has is its own
 * @returns its revision
 */
export async function createBinding(
  context: CreateContext<BindingValues, ProviderRun>,
  webhook: BoundWebhook,
  isOwn: boolean,
): Promise<Pick<BindingValues, "revision">> {
  const { planned } = context;
  if (!isOwn) await guardAdoption(context, webhook);
  await webhook.write(settingsOf(bindingSettings, planned));
  return written(context, webhook);
}

/** Writes what changed, and nothing else. @returns the revision after it */
export async function updateBinding(
  context: UpdateContext<BindingValues, ProviderRun>,
  webhook: BoundWebhook,
): Promise<Pick<BindingValues, "revision">> {
  const patch = changedSettings(bindingSettings, context.prior, context.planned);
  if (Object.keys(patch).length === 0) return { revision: context.prior.revision };
  await webhook.write(patch);
  const { revision } = await written(context, webhook);
  return { revision: plannedOr(context.planned.revision, revision) };
}

/** Stops a create from overwriting what somebody else configured. */
async function guardAdoption(
  { planned, diagnostics, client }: CreateContext<BindingValues, ProviderRun>,
  webhook: BoundWebhook,
): Promise<void> {
  const found = await findExistingBinding(webhook, planned, client.foreign.shown);
  if (found) adopt(found.existing, found.different, { planned, diagnostics, credential: false });
}

/** What somebody configured before. @param planned may hold unknown values, which are not compared */
export async function findExistingBinding(
  webhook: BoundWebhook,
  planned: Readonly<Record<(typeof bindingSettings)[number], unknown>>,
  show: Shown,
): Promise<Found | undefined> {
  const found = await webhook.read();
  if (found !== undefined && found.audit_log_destination_id !== null) {
    const different = differences(knownSettings(bindingSettings, planned), planned, found, show);
    return { existing: webhook, different };
  }
  const different = (await webhook.unboundSettings?.()) ?? [];
  if (different.length === 0) return undefined;
  return { existing: { ...webhook, importAs: "konnectaudit_webhook" }, different };
}

async function written(
  { planned, client, signal, diagnostics }: CreateContext<BindingValues, ProviderRun>,
  { owner, read }: BoundWebhook,
): Promise<Pick<BindingValues, "revision">> {
  await settle<Pick<Binding, (typeof bindingSettings)[number]>>(
    {
      owner,
      read: async () => (await read()) ?? { audit_log_destination_id: null, enabled: false },
      differences: (found) => differences(bindingSettings, planned, found, client.foreign.shown),
    },
    { clock: client.clock, signal, diagnostics },
  );
  return { revision: client.mintRevision() };
}
