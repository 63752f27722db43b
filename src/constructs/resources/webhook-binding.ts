import {
  webhookBindingArguments,
  webhookBindingAttributes,
} from "../../provider/schemas/webhook-binding.js";
import type { Construct } from "../cdktf.js";
import { claim } from "../claims.js";
import type { ResourceClass } from "../from-schema/class-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import type {
  WebhookBindingConfig,
  WebhookBindingProperties,
} from "../generated/webhook-binding.js";
import { warnOfSettings } from "./warn-of-settings.js";

const key: unique symbol = Symbol.for("konnect-audit/WebhookBinding");

export type { WebhookBindingConfig };

const WebhookBindingResource: ResourceClass<WebhookBindingConfig, WebhookBindingProperties> =
  resourceClass({
    type: "konnectaudit_webhook_binding",
    arguments: webhookBindingArguments,
    attributes: webhookBindingAttributes,
  });

/** The resource `konnectaudit_webhook_binding`: the webhook of one region, bound to a destination. */
export class WebhookBinding extends WebhookBindingResource {
  readonly [key] = true;

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isWebhookBinding(value: unknown): value is WebhookBinding {
    return typeof value === "object" && value !== null && key in value;
  }

  /** @throws ConstructError `ATTRIBUTE_UNKNOWN` */
  constructor(scope: Construct, id: string, config: WebhookBindingConfig) {
    super(scope, id, config);
    claim({ kind: "region", construct: this, object: () => this.regionInput });
    warnOfSettings(this, config);
  }
}
