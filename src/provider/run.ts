import type { Clock } from "../core/clock.js";
import type { KonnectClient } from "../konnect/client.js";
import { regionBaseUrl } from "../konnect/server-url.js";
import { Claims, PlannedClaims } from "./claims.js";
import { DestinationRun } from "./destination-run.js";
import { CredentialFingerprints } from "./fingerprint.js";
import type { Foreign } from "./foreign.js";

/** What the resources of one configured provider process share. */
export interface ProviderRun {
  /** Konnect's client, loaded at its first use: most of the processes that Terraform starts never call Konnect. */
  konnect(): Promise<KonnectClient>;
  /** @throws KonnectError when the server URL can't serve a region */
  checkRegion(region: string): void;
  /** Cleans what Konnect answered. */
  readonly foreign: Foreign;
  readonly fingerprints: CredentialFingerprints;
  /** The objects that this process has created. */
  readonly claims: Claims;
  readonly plannedClaims: PlannedClaims;
  readonly destinations: DestinationRun;
  /** True if Terraform has read an object with a credential: it does so to plan, and never to apply. */
  readonly hasRead: boolean;
  noteRead(): void;
  readonly clock: Clock;
  /** A new value for a resource's `revision`. */
  mintRevision(): string;
}

export function createProviderRun(options: {
  loadKonnect: () => Promise<KonnectClient>;
  serverUrl: string;
  foreign: Foreign;
  clock: Clock;
  mintRevision: () => string;
}): ProviderRun {
  let konnect: Promise<KonnectClient> | undefined;
  let hasRead = false;
  return {
    get hasRead() {
      return hasRead;
    },
    noteRead() {
      hasRead = true;
    },
    konnect() {
      konnect ??= options.loadKonnect();
      return konnect;
    },
    checkRegion(region) {
      regionBaseUrl(options.serverUrl, region);
    },
    foreign: options.foreign,
    fingerprints: new CredentialFingerprints(),
    claims: new Claims(),
    plannedClaims: new PlannedClaims(),
    destinations: new DestinationRun(),
    clock: options.clock,
    mintRevision: options.mintRevision,
  };
}
