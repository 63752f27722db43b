import type { KonnectClient } from "../konnect/client.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { isConfigured } from "../konnect/webhook.js";
import { receiverErrors } from "./errors.js";

export interface SessionOptions {
  client: Pick<KonnectClient, "getWebhook" | "updateWebhook" | "deleteWebhook">;
  region: string;
  /** Where Konnect reaches the receiver: its own address, or a tunnel's. */
  endpoint: string;
  authorization: string;
  logFormat: string;
  skipTlsVerification: boolean;
}

/** How a session ended. */
export type SessionEnd = "released" | "taken over";

/** A region's webhook, lent to a receiver. */
export interface Session {
  /** Leaves the region without a webhook again, unless somebody else has configured it meanwhile. */
  release(): Promise<SessionEnd>;
}

/**
 * Points a region's webhook at a receiver for as long as somebody looks.
 *
 * @throws ReceiverError `RECEIVER_WEBHOOK_CONFIGURED` when the region has a webhook: it would be lost; or KonnectError
 */
export async function borrowWebhook(options: SessionOptions): Promise<Session> {
  const { client, region, endpoint, authorization } = options;
  const { body: before } = await client.getWebhook(region);
  if (isConfigured(before)) {
    throw receiverErrors.webhookConfigured(region, maskEndpoint(before.endpoint));
  }
  await client.updateWebhook(region, {
    endpoint,
    authorization,
    enabled: true,
    log_format: options.logFormat,
    skip_ssl_verification: options.skipTlsVerification,
  });
  return {
    async release() {
      const { body: now } = await client.getWebhook(region);
      if (now.endpoint !== endpoint) return "taken over";
      // In this order, as Kong's own tool does it: nothing is delivered any more while the rest is removed.
      await client.updateWebhook(region, { enabled: false });
      await client.deleteWebhook(region);
      return "released";
    },
  };
}
