import { providerSource, providerType } from "../package/index.js";
import { providerSchema } from "../provider/schemas/provider.js";
import { type Construct, ImportableResource, onSynthesize, TerraformProvider } from "./cdktf.js";
import { AttributeValues, refuseUnknownNames } from "./from-schema/attribute-values.js";
import { attributeTable } from "./from-schema/schema-table.js";
import type { ProviderArguments } from "./generated/provider.js";
import { generatorMetadata } from "./generator-metadata.js";
import { writeProviderFiles } from "./provider-files.js";
import { Secret } from "./secret.js";

type TokenName = "personalAccessToken" | "systemAccountAccessToken";

/** Arguments of {@link KonnectAuditProvider}. */
export interface KonnectAuditProviderConfig extends Omit<ProviderArguments, TokenName> {
  /** Konnect personal access token. @default the environment variable KONNECT_TOKEN */
  readonly personalAccessToken?: Secret | string;
  /** Konnect system account access token. @default the environment variable KONNECT_SPAT */
  readonly systemAccountAccessToken?: Secret | string;
  /** Tells several providers in a stack apart: one organisation each. */
  readonly alias?: string;
}

const tokenVariables: Readonly<Record<TokenName, string>> = {
  personalAccessToken: "KONNECT_TOKEN",
  systemAccountAccessToken: "KONNECT_SPAT",
};
const rows = attributeTable(providerSchema);
const providerKey: unique symbol = Symbol.for("konnect-audit/KonnectAuditProvider");

/**
 * The provider `konnectaudit`: one a Konnect organisation; it serves every region.
 *
 * At synth it writes the provider's own package, and its entry in the dependency lock file, into the stack's folder, so
 * that `cdktf deploy` needs neither a registry nor any configuration.
 */
export class KonnectAuditProvider extends TerraformProvider {
  /** Terraform's name of the provider. */
  static readonly tfResourceType = providerType;

  readonly [providerKey] = true;
  readonly #values: AttributeValues;
  readonly #tokens: Readonly<Record<TokenName, Secret | string | undefined>>;
  #alias: string | undefined;

  /** Configuration for importing, as cdktf's own provider classes have it. */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: providerType,
      importId: importFromId,
      ...(provider ? { provider } : {}),
    });
  }

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isKonnectAuditProvider(value: unknown): value is KonnectAuditProvider {
    return typeof value === "object" && value !== null && providerKey in value;
  }

  /**
   * @param config usually empty: token and URL come from the environment
   * @throws ConstructError `SECRET_IN_PLAIN_TEXT`, `ATTRIBUTE_UNKNOWN`; PackageError when the library is not built
   */
  constructor(scope: Construct, id: string, config: KonnectAuditProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: providerType,
      terraformGeneratorMetadata: generatorMetadata(scope),
      terraformProviderSource: providerSource,
    });
    refuseUnknownNames(this, config, [...rows.map(({ property }) => property), "alias"]);
    this.#alias = config.alias;
    this.#tokens = {
      personalAccessToken: config.personalAccessToken,
      systemAccountAccessToken: config.systemAccountAccessToken,
    };
    this.#values = new AttributeValues(this, rows, resolveSecrets(this, config));
    onSynthesize(this, (session) => writeProviderFiles(this, session));
  }

  /** Tells several providers in a stack apart. */
  override get alias(): string | undefined {
    return this.#alias;
  }

  override set alias(value: string | undefined) {
    this.#alias = value;
  }

  /** Where Konnect is, when it was given here and not in the environment. */
  get serverUrl(): string | undefined {
    return this.#input("server_url");
  }

  /**
   * Where the environment holds this organisation's token, when it was given as such a {@link Secret}: the variable that
   * Konnect's tools read it from, and the one that it is in.
   */
  get tokenInEnvironment(): { wanted: string; variable: string } | undefined {
    for (const [name, wanted] of Object.entries(tokenVariables)) {
      const token = this.#tokens[name as TokenName];
      const variable = Secret.isSecret(token) ? token.environmentVariable : undefined;
      if (variable) return { wanted, variable };
    }
    return undefined;
  }

  /** The environment variable that the token comes from; `undefined` when it comes from elsewhere. */
  get tokenSource(): string | undefined {
    const given = Object.values(this.#tokens).some((token) => token !== undefined);
    return given ? this.tokenInEnvironment?.variable : Object.values(tokenVariables).join(" or ");
  }

  protected override synthesizeAttributes() {
    return this.#values.toTerraform();
  }

  protected override synthesizeHclAttributes() {
    return this.#values.toHcl();
  }

  #input(name: string): string | undefined {
    const row = rows.find((candidate) => candidate.name === name);
    const value = row && this.#values.get(row);
    return typeof value === "string" ? value : undefined;
  }
}

function resolveSecrets(scope: Construct, config: KonnectAuditProviderConfig): object {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      Secret.isSecret(value) ? value.forProvider(scope) : value,
    ]),
  );
}
