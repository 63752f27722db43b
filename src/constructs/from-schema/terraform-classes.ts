import {
  type Construct,
  TerraformDataSource,
  type TerraformMetaArguments,
  TerraformResource,
} from "../cdktf.js";
import { generatorMetadata } from "../generator-metadata.js";
import { Secret } from "../secret.js";
import { attributeValues, defineArguments, type HasValues } from "./accessors.js";
import { AttributeValues, refuseUnknownNames, type SecretToken } from "./attribute-values.js";
import type { DataSourceClass, ResourceClass } from "./class-types.js";
import { importer } from "./importer.js";
import { defineReferences, reference } from "./references.js";
import { type AttributeObject, type AttributeRow, attributeTable } from "./schema-table.js";

/** What a resource or data source class is made from. */
export interface ElementDefinition {
  /** Terraform's name: `konnectaudit_webhook`. */
  type: string;
  /** What a user writes. */
  arguments: AttributeObject;
  /** What the provider answers besides. */
  attributes: AttributeObject;
}

const metaArguments = [
  ...["dependsOn", "count", "provider", "lifecycle", "forEach", "provisioners", "connection"],
] as const;

/**
 * Makes the class of a resource from its schema: the shape that cdktf generates for providers, with a getter, a setter,
 * `…Input` and `reset…` for each argument and a getter for each computed attribute. Its types are generated from the same
 * schema.
 */
export function resourceClass<Config extends TerraformMetaArguments, Properties>(
  definition: ElementDefinition,
): ResourceClass<Config, Properties> {
  const rows = attributeTable(definition.arguments);
  class Resource extends TerraformResource implements HasValues {
    static readonly tfResourceType = definition.type;
    static readonly generateConfigForImport = importer(definition.type);
    readonly [attributeValues]: AttributeValues;

    constructor(scope: Construct, id: string, config: Config) {
      super(scope, id, elementConfig(scope, definition.type, config));
      refuseUnknownNames(this, config, knownNames(rows));
      this[attributeValues] = new AttributeValues(this, rows, config, writeOnly(this));
    }

    protected override synthesizeAttributes() {
      return this[attributeValues].toTerraform();
    }

    protected override synthesizeHclAttributes() {
      return this[attributeValues].toHcl();
    }
  }
  defineReferences(Resource.prototype, attributeTable(definition.attributes));
  defineArguments(Resource.prototype, rows, reference);
  return Resource as unknown as ResourceClass<Config, Properties>; // the accessors are defined at run time
}

/** Makes the class of a data source from its schema, see {@link resourceClass}. */
export function dataSourceClass<Config extends TerraformMetaArguments, Properties>(
  definition: ElementDefinition,
): DataSourceClass<Config, Properties> {
  const rows = attributeTable(definition.arguments);
  class DataSource extends TerraformDataSource implements HasValues {
    static readonly tfResourceType = definition.type;
    static readonly generateConfigForImport = importer(definition.type);
    readonly [attributeValues]: AttributeValues;

    constructor(scope: Construct, id: string, config: Config) {
      super(scope, id, elementConfig(scope, definition.type, config));
      refuseUnknownNames(this, config, knownNames(rows));
      this[attributeValues] = new AttributeValues(this, rows, config, writeOnly(this));
    }

    protected override synthesizeAttributes() {
      return this[attributeValues].toTerraform();
    }

    protected override synthesizeHclAttributes() {
      return this[attributeValues].toHcl();
    }
  }
  defineReferences(DataSource.prototype, attributeTable(definition.attributes));
  defineArguments(DataSource.prototype, rows, reference);
  return DataSource as unknown as DataSourceClass<Config, Properties>; // as above
}

function elementConfig(scope: Construct, type: string, config: TerraformMetaArguments) {
  const given = Object.entries(config).filter(([name]) =>
    (metaArguments as readonly string[]).includes(name),
  );
  return {
    terraformResourceType: type,
    terraformGeneratorMetadata: generatorMetadata(scope),
    ...(Object.fromEntries(given) as TerraformMetaArguments),
  };
}

function knownNames(rows: readonly AttributeRow[]): string[] {
  return [...rows.map(({ property }) => property), ...metaArguments];
}

/** Secrets of resources are write-only arguments. */
function writeOnly(scope: Construct): SecretToken {
  return (value) => (Secret.isSecret(value) ? value.forWriteOnly(scope) : value);
}
