import type {
  Construct,
  ImportableResource,
  TerraformDataSource,
  TerraformProvider,
  TerraformResource,
} from "../cdktf.js";

/** What cdktf's command line needs to write a resource that exists already. */
export type GenerateConfigForImport = (
  scope: Construct,
  importToId: string,
  importFromId: string,
  provider?: TerraformProvider,
) => ImportableResource;

/** A resource class of the shape that cdktf generates for providers. */
export interface ResourceClass<Config, Properties> {
  /** Terraform's name of the resource. */
  readonly tfResourceType: string;
  /** Writes an `import` block for an object that exists already. */
  readonly generateConfigForImport: GenerateConfigForImport;
  new (scope: Construct, id: string, config: Config): TerraformResource & Properties;
}

/** A data source class of the shape that cdktf generates for providers. */
export interface DataSourceClass<Config, Properties> {
  /** Terraform's name of the data source. */
  readonly tfResourceType: string;
  /** As each class that cdktf generates has it; Terraform imports no data sources. */
  readonly generateConfigForImport: GenerateConfigForImport;
  new (scope: Construct, id: string, config: Config): TerraformDataSource & Properties;
}

/** A provider class of the shape that cdktf generates for providers. */
export interface ProviderClass<Config, Properties> {
  /** Terraform's name of the provider. */
  readonly tfResourceType: string;
  /** As each class that cdktf generates has it; Terraform imports no providers. */
  readonly generateConfigForImport: GenerateConfigForImport;
  new (scope: Construct, id: string, config: Config): TerraformProvider & Properties;
}
