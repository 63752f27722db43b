import * as z from "zod";
import { AuditLogBinding, type AuditLogBindingConfig } from "./audit-log-binding.js";
import { Construct, type ITerraformDependable, type TerraformMetaArguments } from "./cdktf.js";
import { type ConnectionConfig, connectionTypes, resolveConnection } from "./connection.js";
import { given } from "./given.js";
import { checkOptions, handedOn, type OptionTypes } from "./options.js";
import { Destination, type DestinationConfig } from "./resources/destination.js";

type Settings = Pick<DestinationConfig, "name" | "skipSslVerification" | "authorizationVersion">;

/** Arguments of {@link AuditLogDestination}. */
export interface AuditLogDestinationConfig
  extends Settings,
    ConnectionConfig,
    Pick<TerraformMetaArguments, "provider" | "dependsOn" | "lifecycle"> {
  /** Konnect's id of a destination that is there already: an `import` block takes it over. @default a new one is created */
  readonly importId?: string;
}

const types: OptionTypes<AuditLogDestinationConfig> = {
  ...connectionTypes,
  ...handedOn,
  ...{ name: "elsewhere", skipSslVerification: "elsewhere", authorizationVersion: "elsewhere" },
  importId: z.string().min(1),
};

/** What may be said of a region's webhook when a destination is bound to it. */
export type BindOptions = Omit<AuditLogBindingConfig, "region" | "destination" | "provider">;

/**
 * A connection to a SIEM that an organisation's webhooks are bound to: endpoint and credential in one place, whatever the
 * number of regions and Dev Portals.
 *
 * @example
 * const splunk = new AuditLogDestination(this, "splunk", { name: "splunk", siem: Siem.splunk({ host, token }) });
 * splunk.bindTo("us");
 * splunk.bindTo("eu", { gate: true });
 */
export class AuditLogDestination extends Construct implements ITerraformDependable {
  /** The resource, for everything that has no option here. */
  readonly resource: Destination;

  /** @throws ConstructError with the construct's path, see its code */
  constructor(scope: Construct, id: string, config: AuditLogDestinationConfig) {
    super(scope, id);
    checkOptions(this, config, types);
    const { name, skipSslVerification, authorizationVersion } = config;
    const { provider, dependsOn, lifecycle, importId } = config;
    this.resource = new Destination(this, "destination", {
      name,
      ...resolveConnection(this, config),
      ...given({ skipSslVerification, authorizationVersion, provider, dependsOn, lifecycle }),
    });
    if (importId !== undefined) this.resource.importFrom(importId, provider);
  }

  /** Has the webhook of a region deliver to this destination. */
  bindTo(region: string, options: BindOptions = {}): AuditLogBinding {
    const { provider } = this.resource;
    const binding = { ...options, region, destination: this, ...given({ provider }) };
    return new AuditLogBinding(this, region, binding);
  }

  /** Konnect's id of the destination. */
  get destinationId(): string {
    return this.resource.id;
  }

  /** Changes with every write to Konnect and with nothing else. */
  get revision(): string {
    return this.resource.revision;
  }

  /** Terraform's address of the resource, for `dependsOn`. */
  get fqn(): string {
    return this.resource.fqn;
  }
}
