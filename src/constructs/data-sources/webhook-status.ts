import {
  webhookStatusArguments,
  webhookStatusAttributes,
} from "../../provider/schemas/webhook-status.js";
import type { DataSourceClass } from "../from-schema/class-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";
import type {
  DataKonnectauditWebhookStatusConfig,
  DataKonnectauditWebhookStatusProperties,
} from "../generated/webhook-status.js";

export type { DataKonnectauditWebhookStatusConfig };

const DataSource: DataSourceClass<
  DataKonnectauditWebhookStatusConfig,
  DataKonnectauditWebhookStatusProperties
> = dataSourceClass({
  type: "konnectaudit_webhook_status",
  arguments: webhookStatusArguments,
  attributes: webhookStatusAttributes,
});

/** The data source `konnectaudit_webhook_status`: how deliveries of a region's webhook fare. */
export class DataKonnectauditWebhookStatus extends DataSource {}
