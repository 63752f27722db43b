import {
  type Construct,
  ImportableResource,
  TerraformDataSource,
  type TerraformElement,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
} from "../cdktf.js";
import { generatorMetadata } from "../generator-metadata.js";
import { AttributeValues, refuseUnknownNames } from "./attribute-values.js";
import type { DataSourceClass, ResourceClass } from "./class-types.js";
import { define, defineReferences, reference } from "./references.js";
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

/** Where an element keeps its values; a symbol, because subclasses may have any name. */
const attributeValues: unique symbol = Symbol.for("konnect-audit/attribute-values");

interface HasValues {
  readonly [attributeValues]: AttributeValues;
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
      this[attributeValues] = new AttributeValues(this, rows, config);
    }

    protected override synthesizeAttributes() {
      return this[attributeValues].toTerraform();
    }

    protected override synthesizeHclAttributes() {
      return this[attributeValues].toHcl();
    }
  }
  defineAccessors(Resource.prototype, rows, attributeTable(definition.attributes));
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
      this[attributeValues] = new AttributeValues(this, rows, config);
    }

    protected override synthesizeAttributes() {
      return this[attributeValues].toTerraform();
    }

    protected override synthesizeHclAttributes() {
      return this[attributeValues].toHcl();
    }
  }
  defineAccessors(DataSource.prototype, rows, attributeTable(definition.attributes));
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

function importer(type: string) {
  return (
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ) =>
    new ImportableResource(scope, importToId, {
      terraformResourceType: type,
      importId: importFromId,
      ...(provider ? { provider } : {}),
    });
}

type Element = TerraformElement & HasValues;

function defineAccessors(
  prototype: object,
  given: readonly AttributeRow[],
  computed: readonly AttributeRow[],
): void {
  defineReferences(prototype, computed);
  for (const row of given) {
    define(prototype, row.property, { get: reference(row), set: assignment(row) });
    define(prototype, `${row.property}Input`, {
      get(this: Element) {
        return this[attributeValues].get(row);
      },
    });
    if (row.required) continue;
    const reset = assignment(row);
    define(prototype, `reset${row.property.charAt(0).toUpperCase()}${row.property.slice(1)}`, {
      value(this: Element) {
        reset.call(this, undefined);
      },
    });
  }
}

function assignment(row: AttributeRow) {
  return function (this: Element, value: unknown): void {
    this[attributeValues].set(row, value);
  };
}
