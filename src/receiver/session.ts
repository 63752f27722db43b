import { CleanUps } from "../core/clean-ups.js";
import { isProcessAlive } from "../core/process-identity.js";
import type { KonnectClient } from "../konnect/client.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { isConfigured } from "../konnect/webhook.js";
import { type SessionNotes, sessionOfEndpoint } from "./borrowed-webhooks.js";
import { receiverErrors } from "./errors.js";

type Client = Pick<KonnectClient, "getWebhook" | "updateWebhook" | "deleteWebhook">;

export interface SessionOptions {
  client: Client;
  region: string;
  /** Where Konnect reaches the receiver: its own address, or a tunnel's. With the session's id it is recognised later. */
  endpoint: string;
  authorization: string;
  logFormat: string;
  skipTlsVerification: boolean;
  /** Takes the webhook of another session over, which was killed. @default false */
  takeOver?: boolean | undefined;
  /** What other sessions have noted of themselves. */
  notes?: SessionNotes | undefined;
  /** Ends the wait for Konnect; what was written by then is given back. */
  signal?: AbortSignal | undefined;
  /** Where giving back is registered, before anything is written. */
  cleanUps?: CleanUps | undefined;
}

/** How a session ended. */
export type SessionEnd = "released" | "taken over";

/** A region's webhook, lent to a receiver. */
export interface Session {
  /**
   * Leaves the region without a webhook again, unless somebody else has configured it meanwhile.
   *
   * @throws ReceiverError `RECEIVER_WEBHOOK_LEFT` when Konnect does not do that
   */
  release(): Promise<SessionEnd>;
}

/** How long Konnect may take, in milliseconds. */
const bounds = {
  /** To write the webhook, with all repetitions. */
  write: 60_000,
  /** The same once the user has ended the session: only an answer tells whether there is something to give back. */
  writeAtEnd: 3_000,
  /** To give it back: less than what a process that was told to end waits for its clean-ups. */
  release: 8_000,
};

/**
 * Points a region's webhook at a receiver for as long as somebody looks.
 *
 * @throws ReceiverError `RECEIVER_WEBHOOK_CONFIGURED` or `RECEIVER_WEBHOOK_BORROWED` when the region has a webhook: it
 * would be lost; or KonnectError
 */
export async function borrowWebhook(options: SessionOptions): Promise<Session> {
  const { client, region, endpoint, cleanUps = new CleanUps() } = options;
  const { body: before } = await client.getWebhook(region, { signal: options.signal });
  await refuseUnlessFree(before, options);
  let writing: Promise<unknown> = Promise.resolve();
  let end: SessionEnd = "released";
  const cleanUp = cleanUps.add(async (hurry) => {
    await writing.catch(() => undefined);
    end = await giveBack({ client, region, endpoint }, hurry);
  });
  writing = write(options);
  try {
    await writing;
    await forget(before, options);
  } catch (error) {
    // The answer may have been lost, and not the request.
    const now = await client.getWebhook(region, { signal: options.signal }).catch(() => undefined);
    if (now?.body.endpoint !== endpoint) {
      await cleanUp.run();
      throw error;
    }
  }
  return {
    async release() {
      await cleanUp.run();
      return end;
    },
  };
}

/**
 * Leaves a region without the webhook of a session that could not do so itself.
 *
 * @throws ReceiverError `RECEIVER_WEBHOOK_CONFIGURED` when it is no session's, `RECEIVER_WEBHOOK_BORROWED` when that runs,
 * `RECEIVER_WEBHOOK_LEFT`; or KonnectError
 * @returns false if there was none
 */
export async function giveBackWebhook(
  options: Pick<SessionOptions, "client" | "region" | "notes" | "signal">,
): Promise<boolean> {
  const { client, region, signal } = options;
  const { body: webhook } = await client.getWebhook(region, { signal });
  if (!isConfigured(webhook)) return false;
  await refuseUnlessFree(webhook, { ...options, takeOver: true });
  await giveBack({ client, region, endpoint: webhook.endpoint }, signal);
  await forget(webhook, options);
  return true;
}

/** Removes the note of a session that has left a webhook behind. */
async function forget(
  webhook: { endpoint: string },
  { notes }: Pick<SessionOptions, "notes">,
): Promise<void> {
  const sessionId = sessionOfEndpoint(webhook.endpoint);
  if (sessionId !== undefined) await notes?.remove(sessionId);
}

async function refuseUnlessFree(
  webhook: { endpoint: string; enabled: boolean },
  { region, notes, takeOver = false }: Pick<SessionOptions, "region" | "notes" | "takeOver">,
): Promise<void> {
  if (!isConfigured(webhook)) return;
  const sessionId = sessionOfEndpoint(webhook.endpoint);
  const endpoint = maskEndpoint(webhook.endpoint);
  if (sessionId === undefined) throw receiverErrors.webhookConfigured(region, endpoint);
  const note = await notes?.read(sessionId);
  if (note && (await isProcessAlive({ pid: note.process_id, began: note.process_began }))) {
    throw receiverErrors.webhookBorrowed(region, endpoint, note.process_id);
  }
  // A session that has paused its webhook has ended: Konnect keeps the endpoint of what was removed.
  if (takeOver || !webhook.enabled) return;
  throw receiverErrors.webhookAbandoned(region, endpoint, note?.started_at);
}

async function write(options: SessionOptions): Promise<void> {
  const { client, region, endpoint, authorization, signal } = options;
  const late = new AbortController();
  const stop = (milliseconds: number) => setTimeout(() => late.abort(), milliseconds);
  const timers = [stop(bounds.write)];
  const onEnd = () => timers.push(stop(bounds.writeAtEnd));
  signal?.addEventListener("abort", onEnd, { once: true });
  try {
    const settings = {
      endpoint,
      authorization,
      enabled: true,
      log_format: options.logFormat,
      skip_ssl_verification: options.skipTlsVerification,
    };
    await client.updateWebhook(region, settings, { signal: late.signal });
  } finally {
    signal?.removeEventListener("abort", onEnd);
    for (const timer of timers) clearTimeout(timer);
  }
}

interface Borrowed {
  client: Client;
  region: string;
  endpoint: string;
}

async function giveBack(
  { client, region, endpoint }: Borrowed,
  hurry: AbortSignal | undefined,
): Promise<SessionEnd> {
  const left = (state: string, cause: unknown) =>
    receiverErrors.webhookLeft(region, maskEndpoint(endpoint), state, cause);
  const signal = AbortSignal.any([AbortSignal.timeout(bounds.release), ...(hurry ? [hurry] : [])]);
  const look = async () => (await client.getWebhook(region, { signal })).body;
  const before = await look().catch((cause) => {
    throw left("may still deliver", cause);
  });
  if (before.endpoint !== endpoint) return isConfigured(before) ? "taken over" : "released";
  try {
    // In this order, as Kong's own tool does it: nothing is delivered any more while the rest is removed.
    await client.updateWebhook(region, { enabled: false }, { signal });
    await client.deleteWebhook(region, { signal });
    return "released";
  } catch (cause) {
    // The answer may have been lost, and not the request.
    const now = await look().catch(() => before);
    if (now.endpoint !== endpoint) return isConfigured(now) ? "taken over" : "released";
    throw left(now.enabled ? "may still deliver" : "is paused, but still configured", cause);
  }
}
