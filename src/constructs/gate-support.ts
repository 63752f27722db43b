import { join } from "node:path";
import { installVerifier } from "../package/index.js";
import {
  Construct,
  dependable,
  type ITerraformDependable,
  Lazy,
  type LocalExecProvisioner,
  NullProvider,
  NullResource,
  onSynthesize,
  type TerraformProvider,
  TerraformStack,
  Token,
} from "./cdktf.js";
import type { Command } from "./command-line.js";
import { describe, findings } from "./errors.js";
import type { ConnectedResource, Preflight } from "./gate-preflight.js";
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
  /** What it runs; asked for when the stack is synthesized. */
  readonly command: () => Command;
  readonly dependsOn?: ITerraformDependable[];
}

/** What the gates of a stack share: the verifier in the stack's folder, the null provider, and preflights. */
export class GateSupport extends Construct {
  readonly [supportKey] = true;
  readonly #preflights = new Map<string, { carrier: Carrier; resources: Set<ConnectedResource> }>();
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
    const provisioner: LocalExecProvisioner = {
      type: "local-exec",
      command: Lazy.stringValue({ produce: () => command().command }),
      environment: Token.asStringMap(Lazy.anyValue({ produce: () => environmentOf(command()) })),
    };
    const common = { ...(dependsOn ? { dependsOn } : {}), provisioners: [provisioner] };
    if (type === "terraform_data") {
      return new TerraformData(scope, id, { ...common, triggersReplace: triggers });
    }
    const carrier = new NullResource(scope, id, { ...common, triggers });
    this.#requireNullProvider();
    return carrier;
  }

  /** Makes a resource wait for a preflight; all that deliver to the same place share one. */
  precede(resource: ConnectedResource, preflight: Preflight, type: CarrierType): void {
    const { key, command, triggers } = preflight;
    const id = `preflight-${key}${type === "terraform_data" ? "-data" : ""}`;
    const waiting = this.#preflights.get(id) ?? {
      carrier: this.carrier(this, id, { type, triggers, command: () => command }),
      resources: new Set<ConnectedResource>(),
    };
    this.#preflights.set(id, waiting);
    // Several bindings to one destination ask for the same.
    if (waiting.resources.has(resource)) return;
    waiting.resources.add(resource);
    resource.dependsOn = [...(resource.dependsOn ?? []), dependable(waiting.carrier)];
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

/** Left out where it is empty. */
function environmentOf({ environment }: Command): Command["environment"] | undefined {
  return Object.keys(environment).length > 0 ? environment : undefined;
}

function isGateSupport(value: unknown): value is GateSupport {
  return typeof value === "object" && value !== null && supportKey in value;
}
