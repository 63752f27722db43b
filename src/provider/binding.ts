import type { Binding } from "../konnect/wire.js";
import type { CreateContext, PlanContext, UpdateContext } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
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
export interface BoundWebhook {
  /** For messages, at the begin of a sentence: `Region "eu"`. */
  owner: string;
  /** For messages: `in region "eu"`. */
  place: string;
  /** The attribute that names the webhook. */
  attribute: string;
  importId: string;
  /** `undefined`: Konnect has none. */
  read(): Promise<Binding | undefined>;
  write(patch: Partial<BindingSettings>): Promise<unknown>;
  /** What else the webhook delivers to when it is bound to no destination. */
  unboundSettings?(): Promise<Difference[]>;
}

/** Plans a new revision exactly when something is written. */
export function planBinding(context: PlanContext<BindingValues, ProviderRun>): void {
  if (changesSettings(bindingSettings, context)) context.markUnknown("revision");
}

/** Binds a webhook that nobody else configured. @returns its revision */
export async function createBinding(
  context: CreateContext<BindingValues, ProviderRun>,
  webhook: BoundWebhook,
): Promise<Pick<BindingValues, "revision">> {
  const { planned } = context;
  await guardAdoption(context, webhook);
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
  return written(context, webhook);
}

/** Stops a create from overwriting what somebody else configured. */
async function guardAdoption(
  { planned, diagnostics }: CreateContext<BindingValues, ProviderRun>,
  webhook: BoundWebhook,
): Promise<void> {
  const { owner, attribute, importId } = webhook;
  const found = await webhook.read();
  const isBound = found !== undefined && found.audit_log_destination_id !== null;
  const different = isBound
    ? differences(bindingSettings, planned, found)
    : ((await webhook.unboundSettings?.()) ?? []);
  if (!isBound && different.length === 0) return;
  if (different.length > 0 && !planned.adopt_existing) {
    throw providerErrors.alreadyConfigured(owner, { attribute, importId }, different);
  }
  const overwritten = different.map(({ field, found: there }) => `${field} (was ${there})`);
  diagnostics.warn(
    `Adopted the existing audit-log webhook ${webhook.place}`,
    overwritten.length > 0
      ? `It was configured outside of this Terraform state. Overwritten: ${overwritten.join(", ")}.`
      : "It was bound already, to the same destination: by an interrupted run, or by somebody else.",
    [attribute],
  );
}

async function written(
  { planned, client, signal, diagnostics }: CreateContext<BindingValues, ProviderRun>,
  { place, read }: BoundWebhook,
): Promise<Pick<BindingValues, "revision">> {
  await settle(
    {
      place,
      read: async () => (await read()) ?? { audit_log_destination_id: null, enabled: false },
      differences: (found: BindingSettingsFound) => differences(bindingSettings, planned, found),
    },
    { clock: client.clock, signal, diagnostics },
  );
  return { revision: client.mintRevision() };
}

type BindingSettingsFound = Pick<Binding, (typeof bindingSettings)[number]>;
