import { destinationArguments, destinationAttributes } from "../../provider/schemas/destination.js";
import type { Construct } from "../cdktf.js";
import type { ResourceClass } from "../from-schema/class-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import type { DestinationConfig, DestinationProperties } from "../generated/destination.js";
import { judgeEndpoint } from "./judge-endpoint.js";
import { warnOfSettings } from "./warn-of-settings.js";

const key: unique symbol = Symbol.for("konnect-audit/Destination");

export type { DestinationConfig };

const DestinationResource: ResourceClass<DestinationConfig, DestinationProperties> = resourceClass({
  type: "konnectaudit_destination",
  arguments: destinationArguments,
  attributes: destinationAttributes,
});

/** The resource `konnectaudit_destination`: a connection to a SIEM that webhooks of every region can be bound to. */
export class Destination extends DestinationResource {
  readonly [key] = true;

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isDestination(value: unknown): value is Destination {
    return typeof value === "object" && value !== null && key in value;
  }

  /** @throws ConstructError `SECRET_IN_PLAIN_TEXT` when `authorization` is plain text, `ATTRIBUTE_UNKNOWN` */
  constructor(scope: Construct, id: string, config: DestinationConfig) {
    super(scope, id, config);
    warnOfSettings(this, config);
    judgeEndpoint(this);
  }
}
