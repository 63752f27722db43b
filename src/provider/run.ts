import type { Clock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import { Claims, PlannedClaims } from "./claims.js";
import { DestinationRun } from "./destination-run.js";
import { CredentialFingerprints } from "./fingerprint.js";

/** What the resources of one configured provider process share. */
export interface ProviderRun {
  /** Konnect's client, loaded at its first use: most of the processes that Terraform starts never call Konnect. */
  konnect(): Promise<KonnectClient>;
  readonly fingerprints: CredentialFingerprints;
  /** The objects that this process has created. */
  readonly claims: Claims;
  readonly plannedClaims: PlannedClaims;
  readonly destinations: DestinationRun;
  readonly clock: Clock;
  /** A new value for a resource's `revision`. */
  mintRevision(): string;
}

export function createProviderRun(options: {
  loadKonnect: () => Promise<KonnectClient>;
  clock: Clock;
  mintRevision: () => string;
}): ProviderRun {
  let konnect: Promise<KonnectClient> | undefined;
  return {
    konnect() {
      konnect ??= options.loadKonnect();
      return konnect;
    },
    fingerprints: new CredentialFingerprints(),
    claims: new Claims(),
    plannedClaims: new PlannedClaims(),
    destinations: new DestinationRun(),
    clock: options.clock,
    mintRevision: options.mintRevision,
  };
}
