import type { LogFormat } from "../siem/index.js";

/** Where and how Konnect delivers, as far as it shows it: the credential it shows to nobody. */
export interface FoundConnection {
  endpoint: string;
  logFormat: LogFormat;
  /** Set when a secret that the process knows is part of the endpoint, which then is not to be written down. */
  endpointIsSecret?: true;
  skipSslVerification: boolean;
}

/** A region's webhook with a connection of its own (API v2). */
export interface FoundWebhook extends FoundConnection {
  region: string;
  enabled: boolean;
}

/** A destination that webhooks are bound to (API v3). */
export interface FoundDestination extends FoundConnection {
  id: string;
  name: string;
}

/** A region's webhook that is bound to a destination. */
export interface FoundBinding {
  region: string;
  enabled: boolean;
  destinationId: string;
}

/** What an organisation has at Konnect; at least one webhook or binding, in the order of the regions asked for. */
export interface FoundOrganisation {
  webhooks: readonly FoundWebhook[];
  bindings: readonly FoundBinding[];
  /** Those that the bindings name. */
  destinations: readonly FoundDestination[];
  /** Regions whose webhook was never configured. */
  unconfigured: readonly string[];
  /** Regions that an organisation has to opt into, and that Konnect does not show. */
  unavailable: readonly string[];
}
