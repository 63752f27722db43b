import {
  portalWebhookStatusArguments,
  portalWebhookStatusAttributes,
} from "../../provider/schemas/portal-webhook-status.js";
import type { DataSourceClass } from "../from-schema/class-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";
import type {
  DataKonnectauditPortalWebhookStatusConfig,
  DataKonnectauditPortalWebhookStatusProperties,
} from "../generated/portal-webhook-status.js";

export type { DataKonnectauditPortalWebhookStatusConfig };

const DataSource: DataSourceClass<
  DataKonnectauditPortalWebhookStatusConfig,
  DataKonnectauditPortalWebhookStatusProperties
> = dataSourceClass({
  type: "konnectaudit_portal_webhook_status",
  arguments: portalWebhookStatusArguments,
  attributes: portalWebhookStatusAttributes,
});

/** The data source `konnectaudit_portal_webhook_status`: how deliveries of a Dev Portal's webhook fare. */
export class DataKonnectauditPortalWebhookStatus extends DataSource {}
