import { jwksArguments, jwksAttributes } from "../../provider/schemas/jwks.js";
import type { TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, DataSourceClass } from "../from-schema/attribute-types.js";
import { dataSourceClass } from "../from-schema/terraform-classes.js";

/** Arguments of {@link DataKonnectauditJwks}. */
export interface DataKonnectauditJwksConfig
  extends Arguments<typeof jwksArguments>,
    TerraformMetaArguments {}

const DataSource: DataSourceClass<typeof jwksArguments, typeof jwksAttributes> = dataSourceClass({
  type: "konnectaudit_jwks",
  arguments: jwksArguments,
  attributes: jwksAttributes,
});

/** The data source `konnectaudit_jwks`: the public keys that a region's events are signed with. */
export class DataKonnectauditJwks extends DataSource {}
