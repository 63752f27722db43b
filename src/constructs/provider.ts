import { providerSource, providerType } from "../package/index.js";
import { providerSchema } from "../provider/schemas/provider.js";
import { type Construct, onSynthesize } from "./cdktf.js";
import type { ProviderClass } from "./from-schema/class-types.js";
import { givenFor, providerClass } from "./from-schema/provider-class.js";
import type {
  KonnectAuditProviderConfig,
  KonnectAuditProviderProperties,
} from "./generated/provider.js";
import { writeProviderFiles } from "./provider-files.js";
import { Secret } from "./secret.js";

export type { KonnectAuditProviderConfig };

/** The tokens, and where Konnect's tools look for one that is not given. The first that is given counts. */
const tokenVariables = {
  personalAccessToken: "KONNECT_TOKEN",
  systemAccountAccessToken: "KONNECT_SPAT",
} as const satisfies Partial<Record<keyof KonnectAuditProviderConfig, string>>;
const providerKey: unique symbol = Symbol.for("konnect-audit/KonnectAuditProvider");

const ProviderElement: ProviderClass<KonnectAuditProviderConfig, KonnectAuditProviderProperties> =
  providerClass({ type: providerType, source: providerSource, arguments: providerSchema });

/**
 * The provider `konnectaudit`: one a Konnect organisation; it serves every region.
 *
 * At synth it writes the provider's own package, and its entry in the dependency lock file, into the stack's folder, so
 * that `cdktf deploy` needs neither a registry nor any configuration.
 *
 * A token that is replaced after it was given as a {@link Secret} leaves its variable in the stack, and Terraform goes on
 * asking for it.
 */
export class KonnectAuditProvider extends ProviderElement {
  readonly [providerKey] = true;

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isKonnectAuditProvider(value: unknown): value is KonnectAuditProvider {
    return typeof value === "object" && value !== null && providerKey in value;
  }

  /**
   * @param config usually empty: token and URL come from the environment
   * @throws ConstructError `SECRET_IN_PLAIN_TEXT`, `ATTRIBUTE_UNKNOWN`; PackageError when the library is not built
   */
  constructor(scope: Construct, id: string, config: KonnectAuditProviderConfig = {}) {
    super(scope, id, config);
    onSynthesize(this, (session) => writeProviderFiles(this, session));
  }

  /**
   * Where the environment holds this organisation's token, when it was given as such a {@link Secret}: the variable that
   * Konnect's tools read it from, and the one that it is in.
   */
  get tokenInEnvironment(): { wanted: string; variable: string } | undefined {
    for (const [name, wanted] of Object.entries(tokenVariables)) {
      const token = givenFor(this, name);
      const variable = Secret.isSecret(token) ? token.environmentVariable : undefined;
      if (variable) return { wanted, variable };
    }
    return undefined;
  }

  /** The environment variable that the token comes from; `undefined` when it comes from elsewhere. */
  get tokenSource(): string | undefined {
    const given = Object.keys(tokenVariables).some((name) => givenFor(this, name) !== undefined);
    return given ? this.tokenInEnvironment?.variable : Object.values(tokenVariables).join(" or ");
  }
}
