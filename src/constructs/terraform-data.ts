import { type Construct, type TerraformMetaArguments, TerraformResource } from "./cdktf.js";

/** Arguments of {@link TerraformData}. */
export interface TerraformDataConfig extends TerraformMetaArguments {
  /** Values whose change replaces the resource. */
  readonly triggersReplace: Readonly<Record<string, string>>;
}

/**
 * Terraform's built-in resource `terraform_data`.
 *
 * cdktf's own `DataResource` starts `terraform version` once for each at synth, a tenth of a second every time, to
 * make sure of a Terraform that is far older than the one that write-only arguments need.
 */
export class TerraformData extends TerraformResource {
  static readonly tfResourceType = "terraform_data";
  readonly #triggersReplace: TerraformDataConfig["triggersReplace"];

  constructor(scope: Construct, id: string, config: TerraformDataConfig) {
    const { triggersReplace, ...metaArguments } = config;
    super(scope, id, {
      terraformResourceType: TerraformData.tfResourceType,
      terraformGeneratorMetadata: { providerName: "terraform" },
      ...metaArguments,
    });
    this.#triggersReplace = triggersReplace;
  }

  protected override synthesizeAttributes() {
    return { triggers_replace: this.#triggersReplace };
  }

  protected override synthesizeHclAttributes() {
    const value = this.#triggersReplace;
    const storage = { isBlock: false, type: "map", storageClassType: "stringMap" };
    return { triggers_replace: { value, ...storage } };
  }
}
