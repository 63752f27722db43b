import {
  portalWebhookStatusArguments,
  portalWebhookStatusAttributes,
} from "../../provider/schemas/portal-webhook-status.js";
import type { TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, DataSourceClass } from "../from-schema/attribute-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";

/** Arguments of {@link DataKonnectauditPortalWebhookStatus}. */
export interface DataKonnectauditPortalWebhookStatusConfig
  extends Arguments<typeof portalWebhookStatusArguments>,
    TerraformMetaArguments {}

const DataSource: DataSourceClass<
  typeof portalWebhookStatusArguments,
  typeof portalWebhookStatusAttributes
> = dataSourceClass({
  type: "konnectaudit_portal_webhook_status",
  arguments: portalWebhookStatusArguments,
  attributes: portalWebhookStatusAttributes,
});

/** The data source `konnectaudit_portal_webhook_status`: how deliveries of a Dev Portal's webhook fare. */
export class DataKonnectauditPortalWebhookStatus extends DataSource {}
