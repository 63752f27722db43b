import { join } from "node:path";
import { installVerifier } from "../package/index.js";
import {
  Construct,
  type ITerraformDependable,
  type LocalExecProvisioner,
  NullProvider,
  NullResource,
  onSynthesize,
  type TerraformProvider,
  TerraformStack,
} from "./cdktf.js";
import { describe, findings } from "./errors.js";
import type { Preflight } from "./gate-preflight.js";
import { packageFolderFor } from "./generator-metadata.js";
import { TerraformData } from "./terraform-data.js";

const id = "konnect-audit";
const supportKey: unique symbol = Symbol.for("konnect-audit/GateSupport");

/** The resource that carries a gate, or its preflight. */
export type Carrier = NullResource | TerraformData;

export type CarrierType = "null_resource" | "terraform_data";

/** What a carrier runs, when, and after what. */
export interface CarrierConfig {
  readonly type: CarrierType;
  readonly triggers: Record<string, string>;
  readonly command: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** What the gates of a stack share: the verifier in the stack's folder, the null provider, and preflights. */
export class GateSupport extends Construct {
  readonly [supportKey] = true;
  readonly #preflights = new Map<string, Carrier>();
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

  /** Makes the resource that runs a command with each change of its triggers. */
  carrier(scope: Construct, id: string, config: CarrierConfig): Carrier {
    const { type, triggers, command, dependsOn } = config;
    const provisioner: LocalExecProvisioner = { type: "local-exec", command };
    const common = { ...(dependsOn ? { dependsOn } : {}), provisioners: [provisioner] };
    if (type === "terraform_data") {
      return new TerraformData(scope, id, { ...common, triggersReplace: triggers });
    }
    const carrier = new NullResource(scope, id, { ...common, triggers });
    this.#requireNullProvider();
    return carrier;
  }

  /** The carrier of a preflight; webhooks of several regions to one endpoint share it. */
  preflight({ key, command, triggers }: Preflight, type: CarrierType): Carrier {
    const id = `preflight-${key}${type === "terraform_data" ? "-data" : ""}`;
    const existing = this.#preflights.get(id);
    if (existing) return existing;
    const carrier = this.carrier(this, id, { type, triggers, command });
    this.#preflights.set(id, carrier);
    return carrier;
  }

  /** Makes sure that the stack has the null provider; a second one would be an error of Terraform's. */
  #requireNullProvider(): void {
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
