import {
  webhookDataSourceArguments,
  webhookDataSourceAttributes,
} from "../../provider/schemas/webhook-data-source.js";
import type { TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, DataSourceClass } from "../from-schema/attribute-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";

/** Arguments of {@link DataKonnectauditWebhook}. */
export interface DataKonnectauditWebhookConfig
  extends Arguments<typeof webhookDataSourceArguments>,
    TerraformMetaArguments {}

const DataSource: DataSourceClass<
  typeof webhookDataSourceArguments,
  typeof webhookDataSourceAttributes
> = dataSourceClass({
  type: "konnectaudit_webhook",
  arguments: webhookDataSourceArguments,
  attributes: webhookDataSourceAttributes,
});

/** The data source `konnectaudit_webhook`: a region's webhook, whoever configured it. */
export class DataKonnectauditWebhook extends DataSource {}
