import { type Construct, TerraformProvider } from "../cdktf.js";
import { generatorMetadata } from "../generator-metadata.js";
import { Secret } from "../secret.js";
import { attributeValues, defineArguments, givenValue, type HasValues } from "./accessors.js";
import { AttributeValues, refuseUnknownNames } from "./attribute-values.js";
import type { ProviderClass } from "./class-types.js";
import { importer } from "./importer.js";
import { providerArguments } from "./provider-arguments.js";
import { type AttributeObject, attributeTable } from "./schema-table.js";

/** What a provider class is made from. */
export interface ProviderDefinition {
  /** Terraform's name: `konnectaudit`. */
  type: string;
  /** Its address, as `required_providers` has it. */
  source: string;
  /** What a user writes besides the alias. */
  arguments: AttributeObject;
}

/**
 * Makes the class of a provider from its schema: the shape that cdktf generates, with a getter, a setter, `…Input` and
 * `reset…` for each argument and for `alias`. Its types are generated from the same schema.
 */
export function providerClass<Config extends object, Properties>(
  definition: ProviderDefinition,
): ProviderClass<Config, Properties> {
  const rows = attributeTable(providerArguments(definition.arguments));
  class Provider extends TerraformProvider implements HasValues {
    static readonly tfResourceType = definition.type;
    static readonly generateConfigForImport = importer(definition.type);
    readonly [attributeValues]: AttributeValues;

    constructor(scope: Construct, id: string, config: Config) {
      super(scope, id, {
        terraformResourceType: definition.type,
        terraformGeneratorMetadata: generatorMetadata(scope),
        terraformProviderSource: definition.source,
      });
      refuseUnknownNames(
        this,
        config,
        rows.map(({ property }) => property),
      );
      this[attributeValues] = new AttributeValues(this, rows, config, (value) =>
        Secret.isSecret(value) ? value.forProvider(this) : value,
      );
    }

    protected override synthesizeAttributes() {
      return this[attributeValues].toTerraform();
    }

    protected override synthesizeHclAttributes() {
      return this[attributeValues].toHcl();
    }
  }
  defineArguments(Provider.prototype, rows, givenValue);
  return Provider as unknown as ProviderClass<Config, Properties>; // the accessors are defined at run time
}

/** What was given for an argument: of a secret itself and not the token that synth writes for it. */
export function givenFor(provider: TerraformProvider, property: string): unknown {
  return (provider as TerraformProvider & HasValues)[attributeValues].given(property);
}
