import { webhookArguments, webhookAttributes } from "../../provider/schemas/webhook.js";
import type { Construct } from "../cdktf.js";
import { claim } from "../claims.js";
import type { ResourceClass } from "../from-schema/class-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import type { WebhookConfig, WebhookProperties } from "../generated/webhook.js";
import { judgeEndpoint } from "./judge-endpoint.js";
import { warnOfSettings } from "./warn-of-settings.js";

export type { WebhookConfig };

const WebhookResource: ResourceClass<WebhookConfig, WebhookProperties> = resourceClass({
  type: "konnectaudit_webhook",
  arguments: webhookArguments,
  attributes: webhookAttributes,
});

const webhookKey: unique symbol = Symbol.for("konnect-audit/Webhook");

/**
 * The resource `konnectaudit_webhook`: the audit-log webhook of an organisation in one region.
 *
 * {@link AuditLogWebhook} builds on it and is what most stacks want.
 */
export class Webhook extends WebhookResource {
  readonly [webhookKey] = true;

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isWebhook(value: unknown): value is Webhook {
    return typeof value === "object" && value !== null && webhookKey in value;
  }

  /**
   * @throws ConstructError `SECRET_IN_PLAIN_TEXT` when `authorization` is plain text, `ATTRIBUTE_UNKNOWN`
   */
  constructor(scope: Construct, id: string, config: WebhookConfig) {
    super(scope, id, config);
    claim({ kind: "region", construct: this, object: () => this.regionInput });
    warnOfSettings(this, config);
    judgeEndpoint(this);
  }
}
