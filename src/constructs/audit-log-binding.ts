import type { AuditLogDestination } from "./audit-log-destination.js";
import {
  Construct,
  type ITerraformDependable,
  type TerraformMetaArguments,
  type TerraformProvider,
} from "./cdktf.js";
import { DeliveryGate, type DeliveryGateOptions } from "./delivery-gate.js";
import { given } from "./given.js";
import { HealthCheck } from "./health-check.js";
import { jointRevision } from "./joint-revision.js";
import { checkOptions, handedOn, type OptionTypes, optionTypes } from "./options.js";
import { WebhookBinding, type WebhookBindingConfig } from "./resources/webhook-binding.js";

/** Arguments of {@link AuditLogBinding}. */
export interface AuditLogBindingConfig
  extends Pick<WebhookBindingConfig, "region" | "enabled">,
    Pick<TerraformMetaArguments, "provider" | "dependsOn" | "lifecycle"> {
  /** What it is bound to. */
  readonly destination: AuditLogDestination;
  /**
   * What to do about a webhook that somebody configured before: `refuse` to touch one that differs, `adopt` it by
   * overwriting it, or `import` it, so that the plan shows what would change.
   * @default "refuse"
   */
  readonly existing?: "refuse" | "adopt" | "import";
  /** Make later plans warn when deliveries have died. @default true */
  readonly healthCheck?: boolean;
  /** Fail a deploy when events don't arrive. A paused webhook has no gate. @default false */
  readonly gate?: boolean | DeliveryGateOptions;
}

const types: OptionTypes<AuditLogBindingConfig> = {
  ...handedOn,
  ...{ region: "elsewhere", enabled: "elsewhere", destination: "elsewhere" },
  existing: optionTypes.existing,
  healthCheck: optionTypes.flag,
  gate: optionTypes.gate,
};

/** The webhook of one region, bound to an {@link AuditLogDestination}; `destination.bindTo(region)` makes one. */
export class AuditLogBinding extends Construct implements ITerraformDependable {
  /** The resource, for everything that has no option here. */
  readonly resource: WebhookBinding;
  /** Warns in later plans when deliveries have died; `undefined` where it was turned off. */
  readonly healthCheck: HealthCheck | undefined;
  /** Fails a deploy when events don't arrive; `undefined` where none was asked for. */
  readonly gate: DeliveryGate | undefined;
  /** What the webhook is bound to. */
  readonly destination: AuditLogDestination;

  /** @throws ConstructError with the construct's path, see its code */
  constructor(scope: Construct, id: string, config: AuditLogBindingConfig) {
    super(scope, id);
    checkOptions(this, config, types);
    const { region, enabled, destination, existing, provider, dependsOn, lifecycle } = config;
    this.destination = destination;
    this.resource = new WebhookBinding(this, "binding", {
      region,
      auditLogDestinationId: destination.destinationId,
      ...given({ enabled, provider, dependsOn, lifecycle }),
      ...(existing === "adopt" ? { adoptExisting: true } : {}),
    });
    if (existing === "import") this.resource.importFrom(region, provider);

    const { healthCheck = true, gate = false } = config;
    if (healthCheck) this.healthCheck = new HealthCheck(this, "health", { webhook: this });
    if (gate && enabled !== false) {
      const options = gate === true ? {} : gate;
      this.gate = new DeliveryGate(this, "gate", { ...options, webhook: this });
    }
  }

  /** The region, as a reference to the resource. */
  get region(): string {
    return this.resource.region;
  }

  /** The region as it was given. */
  get regionInput(): string | undefined {
    return this.resource.regionInput;
  }

  /** Changes with every write of the binding or of its destination: either may end deliveries. */
  get revision(): string {
    return jointRevision(this.destination.revision, this.resource.revision);
  }

  /** The provider that it was given; `undefined` for the stack's own. */
  get provider(): TerraformProvider | undefined {
    return this.resource.provider;
  }

  /** Terraform's address of the resource, for `dependsOn`. */
  get fqn(): string {
    return this.resource.fqn;
  }
}
