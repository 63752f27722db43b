import type { AuditLogDestination } from "./audit-log-destination.js";
import { Construct, type ITerraformDependable, type TerraformMetaArguments } from "./cdktf.js";
import { given } from "./given.js";
import { HealthCheck } from "./health-check.js";
import { jointRevision } from "./joint-revision.js";
import { checkOptions, handedOn, type OptionTypes, optionTypes } from "./options.js";
import { PortalWebhook, type PortalWebhookConfig } from "./resources/portal-webhook.js";

/** Arguments of {@link PortalAuditLogWebhook}. */
export interface PortalAuditLogWebhookConfig
  extends Pick<PortalWebhookConfig, "region" | "portalId" | "enabled">,
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
}

const types: OptionTypes<PortalAuditLogWebhookConfig> = {
  ...handedOn,
  ...{ region: "elsewhere", portalId: "elsewhere", enabled: "elsewhere", destination: "elsewhere" },
  existing: optionTypes.existing,
  healthCheck: optionTypes.flag,
};

/** The audit-log webhook of a Dev Portal, bound to an {@link AuditLogDestination}. */
export class PortalAuditLogWebhook extends Construct implements ITerraformDependable {
  /** The resource, for everything that has no option here. */
  readonly resource: PortalWebhook;
  /** Warns in later plans when deliveries have died; `undefined` where it was turned off. */
  readonly healthCheck: HealthCheck | undefined;

  /** @throws ConstructError with the construct's path, see its code */
  constructor(scope: Construct, id: string, config: PortalAuditLogWebhookConfig) {
    super(scope, id);
    checkOptions(this, config, types);
    const { region, portalId, enabled, destination, existing, dependsOn, lifecycle } = config;
    const provider = config.provider ?? destination.resource.provider;
    this.resource = new PortalWebhook(this, "webhook", {
      region,
      portalId,
      auditLogDestinationId: destination.destinationId,
      ...given({ enabled, provider, dependsOn, lifecycle }),
      ...(existing === "adopt" ? { adoptExisting: true } : {}),
    });
    if (existing === "import") this.resource.importFrom(`${region}/${portalId}`, provider);
    if (config.healthCheck === false) return;
    const revision = jointRevision(destination.revision, this.resource.revision);
    const webhook = { region: this.resource.region, portalId: this.resource.portalId, revision };
    this.healthCheck = new HealthCheck(this, "health", { webhook: { ...webhook, provider } });
  }

  /** Terraform's address of the resource, for `dependsOn`. */
  get fqn(): string {
    return this.resource.fqn;
  }
}
