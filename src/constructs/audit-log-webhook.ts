import * as z from "zod";
import { destroyBehaviours } from "../provider/schemas/webhook.js";
import {
  Construct,
  type ITerraformDependable,
  type TerraformMetaArguments,
  type TerraformProvider,
} from "./cdktf.js";
import { type ConnectionConfig, connectionTypes, resolveConnection } from "./connection.js";
import { DeliveryGate, type DeliveryGateOptions } from "./delivery-gate.js";
import { given } from "./given.js";
import { HealthCheck } from "./health-check.js";
import { checkOptions, handedOn, type OptionTypes, optionTypes } from "./options.js";
import { Webhook, type WebhookConfig } from "./resources/webhook.js";

type Settings = Pick<
  WebhookConfig,
  "region" | "enabled" | "skipSslVerification" | "authorizationVersion"
>;

/** Arguments of {@link AuditLogWebhook}. */
export interface AuditLogWebhookConfig
  extends Settings,
    ConnectionConfig,
    Pick<TerraformMetaArguments, "provider" | "dependsOn" | "lifecycle"> {
  /**
   * What destroying it leaves at Konnect: `remove` the configuration, only `disable` it, or `retain` it as it is.
   * @default "remove"
   */
  readonly removalPolicy?: "remove" | "disable" | "retain";
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

const types: OptionTypes<AuditLogWebhookConfig> = {
  ...connectionTypes,
  ...handedOn,
  ...{ region: "elsewhere", enabled: "elsewhere" },
  ...{ skipSslVerification: "elsewhere", authorizationVersion: "elsewhere" },
  removalPolicy: z.enum(destroyBehaviours),
  existing: optionTypes.existing,
  healthCheck: optionTypes.flag,
  gate: optionTypes.gate,
};

/**
 * The audit-log webhook of an organisation in one region, with its credential, health check and gate.
 *
 * @example
 * new AuditLogWebhook(this, "eu", {
 *   region: "eu",
 *   siem: Siem.splunk({ host: "splunk.example.com", token: Secret.fromEnvironment("SPLUNK_HEC_TOKEN") }),
 *   gate: true,
 * });
 */
export class AuditLogWebhook extends Construct implements ITerraformDependable {
  /** The resource, for everything that has no option here. */
  readonly resource: Webhook;
  /** Warns in later plans when deliveries have died; `undefined` where it was turned off. */
  readonly healthCheck: HealthCheck | undefined;
  /** Fails a deploy when events don't arrive; `undefined` where none was asked for. */
  readonly gate: DeliveryGate | undefined;

  /** @throws ConstructError with the construct's path, see its code */
  constructor(scope: Construct, id: string, config: AuditLogWebhookConfig) {
    super(scope, id);
    checkOptions(this, config, types);
    this.resource = new Webhook(this, "webhook", webhookConfig(this, config));
    if (config.existing === "import") this.resource.importFrom(config.region, config.provider);

    const { healthCheck = true, gate = false } = config;
    if (healthCheck) this.healthCheck = new HealthCheck(this, "health", { webhook: this });
    if (gate && config.enabled !== false) {
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

  /** Changes with every write to Konnect and with nothing else. */
  get revision(): string {
    return this.resource.revision;
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

function webhookConfig(scope: Construct, config: AuditLogWebhookConfig): WebhookConfig {
  const { region, enabled, skipSslVerification, authorizationVersion } = config;
  const { provider, dependsOn, lifecycle, removalPolicy, existing } = config;
  return {
    region,
    ...resolveConnection(scope, config),
    ...given({ enabled, skipSslVerification, authorizationVersion, onDestroy: removalPolicy }),
    ...given({ provider, dependsOn, lifecycle }),
    ...(existing === "adopt" ? { adoptExisting: true } : {}),
  };
}
