import { jwksArguments, jwksAttributes } from "../../provider/schemas/jwks.js";
import type { DataSourceClass } from "../from-schema/class-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";
import type {
  DataKonnectauditJwksConfig,
  DataKonnectauditJwksProperties,
} from "../generated/jwks.js";

export type { DataKonnectauditJwksConfig };

const DataSource: DataSourceClass<DataKonnectauditJwksConfig, DataKonnectauditJwksProperties> =
  dataSourceClass({
    type: "konnectaudit_jwks",
    arguments: jwksArguments,
    attributes: jwksAttributes,
  });

/** The data source `konnectaudit_jwks`: the public keys that a region's events are signed with. */
export class DataKonnectauditJwks extends DataSource {}
