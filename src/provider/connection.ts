import { isOutcomeUnknown } from "../konnect/unknown-outcome.js";
import type {
  CreateContext,
  DeleteContext,
  PlanContext,
  UpdateContext,
} from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import { CredentialFingerprints } from "./fingerprint.js";
import { plannedOr } from "./planned.js";
import { configuredCredential, lacksValue, rotates } from "./rotation.js";
import type { ProviderRun } from "./run.js";

/** In the private state of a new object from its plan to the removal of the one that it replaces. */
const lacksCredential = "authorization_missing";

/** What webhooks and destinations have in common besides settings that Konnect shows: a credential that it doesn't. */
export interface ConnectionValues {
  authorization: string | null;
  authorization_version: number | null;
  authorization_revision: number | null;
  revision: string | null;
  updated_at: string | null;
}

/** What a write leaves in state. */
type WrittenValues = Pick<
  ConnectionValues,
  "authorization" | "authorization_revision" | "revision" | "updated_at"
>;

/** How one object is written. */
export interface ConnectionWrite<Patch> {
  /** @returns Konnect's answer */
  write(patch: Patch): Promise<Dated>;
  /** Reads back what was written. */
  settle(): Promise<Dated>;
}

/** What Konnect says of an object's last change. */
export interface Dated {
  updated_at: string | null;
}

/** What is planned, as far as the settings that Konnect shows tell. */
interface PlannedSettings {
  /** Names the object in messages: `webhook in region "eu"`. */
  owner: string;
  /** Whether one of them is planned to change. */
  change: boolean;
  /** Whether its endpoint is. */
  moves: boolean;
  /** Whether the object is to be replaced by another one. */
  replace?: boolean;
}

/** Plans the credential of a new object, or what an update of an existing one writes. */
export async function planConnection(
  context: PlanContext<ConnectionValues, ProviderRun>,
  { owner, change, moves, replace = false }: PlannedSettings,
): Promise<void> {
  const { action, config, prior, client } = context;
  const credential = config && configuredCredential(config);
  if (typeof credential === "string") client?.foreign.learn(credential);
  if ((action === "create" || replace) && config && credential === null) {
    // Not an error yet: a drift check runs without the credential, and has to be able to plan an object that is gone.
    const missing = providerErrors.authorizationMissing(owner);
    context.diagnostics.warn(missing.summary, `${missing.detail} Apply will fail.`, missing.path);
    if (action === "create") context.private.set(lacksCredential, true);
  }
  if (action !== "update" || !config || !prior) return;
  if (lacksValue(config, prior)) {
    const missing = providerErrors.rotationWithoutValue();
    context.diagnostics.warn(missing.summary, `${missing.detail} Apply will fail.`, missing.path);
  }
  const fingerprints = client?.fingerprints ?? new CredentialFingerprints();
  const rotation = await rotates(config, prior, context.private, fingerprints);
  if (rotation !== false) context.markUnknown("authorization_revision");
  // Terraform plans again when it applies, and only what was planned to change; a plan without a refresh looks the same.
  if (credential === null && client && !client.hasRead && (moves || !change)) {
    const unwritten = providerErrors.credentialNotWritten(owner);
    context.diagnostics.warn(unwritten.summary, unwritten.detail, unwritten.path);
  }
  if (!change && rotation === false) return;
  context.markUnknown("revision");
  context.markUnknown("updated_at");
}

/**
 * Stops the removal of an object whose replacement could not be created.
 *
 * @param owner names the object in messages: `webhook in region "eu"`
 * @throws DiagnosticError when the replacement was planned without a credential
 */
export function requireReplaceable(
  context: Pick<DeleteContext<unknown, unknown>, "private">,
  owner: string,
): void {
  // In a replacement Terraform hands the planned object's private state to the removal of the old one.
  if (context.private.get(lacksCredential) === true) throw providerErrors.notReplaceable(owner);
}

/**
 * The credential of a new object; its fingerprint is derived while Konnect is called.
 *
 * @param owner names the object in messages: `webhook in region "eu"`
 * @throws DiagnosticError when there is none
 */
export function requireAuthorization(
  { config, client }: Pick<CreateContext<ConnectionValues, ProviderRun>, "config" | "client">,
  owner: string,
): string {
  const authorization = configuredCredential(config);
  if (authorization === null) throw providerErrors.authorizationMissing(owner);
  client.foreign.learn(authorization);
  client.fingerprints.anticipate(authorization);
  return authorization;
}

/**
 * Notes the credential that a new object was just written with.
 *
 * @param written Konnect's answer to the write
 * @param settle reads back what was written
 * @returns what that leaves in state
 */
export async function createdConnection(
  context: CreateContext<ConnectionValues, ProviderRun>,
  authorization: string,
  written: Dated,
  settle: () => Promise<Dated>,
): Promise<WrittenValues> {
  await context.client.fingerprints.remember(authorization, context.private);
  const updated_at = latest(written, await settle());
  const revision = context.client.mintRevision();
  return { authorization: null, authorization_revision: 1, revision, updated_at };
}

/** Writes what changed, the credential only if it was rotated, and answers what that leaves in state. */
export async function updateConnection<Patch extends object>(
  context: UpdateContext<ConnectionValues, ProviderRun>,
  settings: Patch,
  { write, settle }: ConnectionWrite<Patch & { authorization?: string }>,
): Promise<WrittenValues> {
  const { config, prior, planned, client } = context;
  if (lacksValue(config, prior)) throw providerErrors.rotationWithoutValue();
  const authorization = configuredCredential(config);
  if (authorization !== null) client.foreign.learn(authorization);
  const rotated =
    authorization !== null &&
    (await rotates(config, prior, context.private, client.fingerprints)) === true;
  const { authorization_revision, revision, updated_at } = prior;
  const unchanged = { authorization: null, authorization_revision, revision, updated_at };
  if (!rotated && Object.keys(settings).length === 0) return unchanged;

  let written: Dated;
  try {
    written = await write({ ...settings, ...(rotated && { authorization }) });
  } catch (error) {
    if (rotated && isOutcomeUnknown(error)) client.fingerprints.forget(context.private);
    throw error;
  }
  if (rotated) await client.fingerprints.remember(authorization, context.private);
  const settled = latest(written, await settle());
  const counted = rotated ? (authorization_revision ?? 0) + 1 : authorization_revision;
  return {
    authorization: null,
    authorization_revision: plannedOr(planned.authorization_revision, counted),
    revision: plannedOr(planned.revision, client.mintRevision()),
    updated_at: plannedOr(planned.updated_at, settled),
  };
}

/** The later date of two answers: a read may lag behind the write, and the next one would show the date as changed. */
function latest(...answers: readonly Dated[]): string | null {
  const dates = answers.flatMap(({ updated_at }) => updated_at ?? []);
  return dates.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
}
