import { join } from "node:path";
import { installVerifier } from "../package/index.js";
import {
  Construct,
  NullProvider,
  onSynthesize,
  type TerraformProvider,
  TerraformStack,
} from "./cdktf.js";
import { describe, findings } from "./errors.js";
import { packageFolderFor } from "./generator-metadata.js";

const id = "konnect-audit";
const supportKey: unique symbol = Symbol.for("konnect-audit/GateSupport");

/** What the gates of a stack share: the verifier in the stack's folder, and the null provider. */
export class GateSupport extends Construct {
  readonly [supportKey] = true;
  #nullProvider: TerraformProvider | undefined;

  /** The support of a construct's stack, made when it is first asked for. */
  static of(scope: Construct): GateSupport {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(id);
    return isGateSupport(existing) ? existing : new GateSupport(stack);
  }

  private constructor(stack: TerraformStack) {
    super(stack, id);
    onSynthesize(this, ({ outdir, manifest }) => {
      const { workingDirectory } = manifest.forStack(stack);
      installVerifier(packageFolderFor(this), join(outdir, workingDirectory));
    });
  }

  /** Makes sure that the stack has the null provider; a second one would be an error of Terraform's. */
  requireNullProvider(): void {
    if (this.#nullProvider) return;
    const [present] = this.#nullProviders();
    if (present) {
      this.#nullProvider = present;
      return;
    }
    const own = new NullProvider(this, "null");
    this.#nullProvider = own;
    this.node.addValidation({
      validate: () =>
        this.#nullProviders()
          .filter((provider) => provider !== own)
          .map(({ node }) => describe(findings.nullProviderTwice(node.path))),
    });
  }

  #nullProviders(): TerraformProvider[] {
    return TerraformStack.of(this)
      .allProviders()
      .filter(({ terraformResourceType }) => terraformResourceType === NullProvider.tfResourceType)
      .filter(({ alias }) => alias === undefined);
  }
}

function isGateSupport(value: unknown): value is GateSupport {
  return typeof value === "object" && value !== null && supportKey in value;
}
