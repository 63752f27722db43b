import {
  webhookStatusArguments,
  webhookStatusAttributes,
} from "../../provider/schemas/webhook-status.js";
import type { TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, DataSourceClass } from "../from-schema/attribute-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";

/** Arguments of {@link DataKonnectauditWebhookStatus}. */
export interface DataKonnectauditWebhookStatusConfig
  extends Arguments<typeof webhookStatusArguments>,
    TerraformMetaArguments {}

const DataSource: DataSourceClass<typeof webhookStatusArguments, typeof webhookStatusAttributes> =
  dataSourceClass({
    type: "konnectaudit_webhook_status",
    arguments: webhookStatusArguments,
    attributes: webhookStatusAttributes,
  });

/** The data source `konnectaudit_webhook_status`: how deliveries of a region's webhook fare. */
export class DataKonnectauditWebhookStatus extends DataSource {}
