import {
  destinationsArguments,
  destinationsAttributes,
} from "../../provider/schemas/destinations.js";
import type { DataSourceClass } from "../from-schema/class-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";
import type {
  DataKonnectauditDestinationsConfig,
  DataKonnectauditDestinationsProperties,
} from "../generated/destinations.js";

export type { DataKonnectauditDestinationsConfig };

const DataSource: DataSourceClass<
  DataKonnectauditDestinationsConfig,
  DataKonnectauditDestinationsProperties
> = dataSourceClass({
  type: "konnectaudit_destinations",
  arguments: destinationsArguments,
  attributes: destinationsAttributes,
});

/** The data source `konnectaudit_destinations`: the destinations of the organisation. */
export class DataKonnectauditDestinations extends DataSource {}
