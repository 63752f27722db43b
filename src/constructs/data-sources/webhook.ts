import {
  webhookDataSourceArguments,
  webhookDataSourceAttributes,
} from "../../provider/schemas/webhook-data-source.js";
import type { DataSourceClass } from "../from-schema/class-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";
import type {
  DataKonnectauditWebhookConfig,
  DataKonnectauditWebhookProperties,
} from "../generated/webhook-data-source.js";

export type { DataKonnectauditWebhookConfig };

const DataSource: DataSourceClass<
  DataKonnectauditWebhookConfig,
  DataKonnectauditWebhookProperties
> = dataSourceClass({
  type: "konnectaudit_webhook",
  arguments: webhookDataSourceArguments,
  attributes: webhookDataSourceAttributes,
});

/** The data source `konnectaudit_webhook`: a region's webhook, whoever configured it. */
export class DataKonnectauditWebhook extends DataSource {}
