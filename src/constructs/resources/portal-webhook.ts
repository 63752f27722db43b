import {
  portalWebhookArguments,
  portalWebhookAttributes,
} from "../../provider/schemas/portal-webhook.js";
import type { Construct } from "../cdktf.js";
import { claim } from "../claims.js";
import type { ResourceClass } from "../from-schema/class-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import type { PortalWebhookConfig, PortalWebhookProperties } from "../generated/portal-webhook.js";
import { warnOfSettings } from "./warn-of-settings.js";

export type { PortalWebhookConfig };

const PortalWebhookResource: ResourceClass<PortalWebhookConfig, PortalWebhookProperties> =
  resourceClass({
    type: "konnectaudit_portal_webhook",
    arguments: portalWebhookArguments,
    attributes: portalWebhookAttributes,
  });

/** The resource `konnectaudit_portal_webhook`: the webhook of a Dev Portal, bound to a destination. */
export class PortalWebhook extends PortalWebhookResource {
  /** @throws ConstructError `ATTRIBUTE_UNKNOWN` */
  constructor(scope: Construct, id: string, config: PortalWebhookConfig) {
    super(scope, id, config);
    claim({ kind: "portal", construct: this, object: () => this.portalIdInput });
    warnOfSettings(this, config);
  }
}
