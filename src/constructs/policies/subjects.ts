import type { IConstruct } from "../cdktf.js";
import { Destination } from "../resources/destination.js";
import { Webhook } from "../resources/webhook.js";
import { WebhookBinding } from "../resources/webhook-binding.js";

/** True if a construct holds an endpoint. */
export function isConnection(construct: IConstruct): construct is Webhook | Destination {
  return Webhook.isWebhook(construct) || Destination.isDestination(construct);
}

/** True if a construct is the webhook of a region, in either of its forms. */
export function isRegionalWebhook(construct: unknown): construct is Webhook | WebhookBinding {
  return Webhook.isWebhook(construct) || WebhookBinding.isWebhookBinding(construct);
}
