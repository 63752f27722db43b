import {
  destinationsArguments,
  destinationsAttributes,
} from "../../provider/schemas/destinations.js";
import type { TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, DataSourceClass } from "../from-schema/attribute-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";

/** Arguments of {@link DataKonnectauditDestinations}. */
export interface DataKonnectauditDestinationsConfig
  extends Arguments<typeof destinationsArguments>,
    TerraformMetaArguments {}

const DataSource: DataSourceClass<typeof destinationsArguments, typeof destinationsAttributes> =
  dataSourceClass({
    type: "konnectaudit_destinations",
    arguments: destinationsArguments,
    attributes: destinationsAttributes,
  });

/** The data source `konnectaudit_destinations`: the destinations of the organisation. */
export class DataKonnectauditDestinations extends DataSource {}
