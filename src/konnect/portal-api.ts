import { cleanly } from "../core/foreign-text.js";
import type { CallOptions } from "./call-options.js";
import { withCleanStatus } from "./shown-words.js";
import type { Answered, Transport } from "./transport.js";
import type { BindingPatch } from "./webhook-api.js";
import { type Binding, bindingAnswer, type WebhookStatus, webhookStatusAnswer } from "./wire.js";

/** The webhook of a Dev Portal: one a portal, always by destination. */
export interface PortalApi {
  /** `undefined`: there is no such portal. */
  getPortalWebhook(
    region: string,
    portalId: string,
    options?: CallOptions,
  ): Promise<Answered<Binding> | undefined>;
  updatePortalWebhook(
    region: string,
    portalId: string,
    patch: BindingPatch,
    options?: CallOptions,
  ): Promise<Answered<Binding>>;
  /** `false`: there was none. */
  deletePortalWebhook(region: string, portalId: string, options?: CallOptions): Promise<boolean>;
  getPortalWebhookStatus(
    region: string,
    portalId: string,
    options?: CallOptions,
  ): Promise<Answered<WebhookStatus>>;
}

const pathOf = (portalId: string) =>
  `/v3/portals/${encodeURIComponent(portalId)}/audit-log-webhook`;

export function createPortalApi(transport: Transport): PortalApi {
  return {
    getPortalWebhook: (region, portalId, options) =>
      transport.find({
        ...options,
        region,
        method: "GET",
        path: pathOf(portalId),
        answer: bindingAnswer,
        action: cleanly`read the webhook of portal ${transport.clean(portalId, 80)}`,
      }),
    updatePortalWebhook: (region, portalId, body, options) =>
      transport.send({
        ...options,
        region,
        method: "PATCH",
        path: pathOf(portalId),
        body,
        answer: bindingAnswer,
        action: cleanly`write the webhook of portal ${transport.clean(portalId, 80)}`,
      }),
    deletePortalWebhook: (region, portalId, options) =>
      transport.remove({
        ...options,
        region,
        method: "DELETE",
        path: pathOf(portalId),
        action: cleanly`remove the webhook of portal ${transport.clean(portalId, 80)}`,
      }),
    getPortalWebhookStatus: (region, portalId, options) =>
      transport.send({
        ...options,
        region,
        method: "GET",
        path: `${pathOf(portalId)}/status`,
        answer: webhookStatusAnswer,
        cleaned: withCleanStatus,
        action: cleanly`read the status of the webhook of portal ${transport.clean(portalId, 80)}`,
      }),
  };
}
