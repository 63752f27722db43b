import { KonnectError } from "./errors.js";

/** Regions that an organisation has only once its administrator asked for them (Konnect's documentation of regions). */
const optInRegions: readonly string[] = ["sg"];

/**
 * The regions that an organisation may not have: refused there, they are left out and no error.
 *
 * Only where no region was named: who names one wants to know why it can't be read.
 *
 * @param named the regions that the user asked for by name
 */
export function optionalRegions(named: readonly string[]): readonly string[] {
  return named.length > 0 ? [] : optInRegions;
}

/** True if a failure means that Konnect does not open the region to the token. */
export function isUnopenedRegion(error: unknown): boolean {
  return KonnectError.is(error) && (error.status === 403 || error.status === 404);
}

/** What is said of a region that is left out because Konnect does not open it. */
export function describeUnopenedRegion(region: string): string {
  return `Konnect does not open ${region} to this token. If the organisation uses it, see why with --region ${region}.`;
}
