import { isWellFormedRegion, suggestRegion } from "../konnect/regions.js";
import { verifierErrors } from "./errors.js";

/**
 * Checks the regions that a command was given, and drops repeated ones.
 *
 * @throws VerifierError `VERIFY_NO_REGION` or `VERIFY_REGION_MALFORMED`
 */
export function checkRegions(regions: readonly string[]): string[] {
  if (regions.length === 0) throw verifierErrors.noRegion();
  const malformed = regions.find((region) => !isWellFormedRegion(region));
  if (malformed !== undefined) {
    throw verifierErrors.regionMalformed(malformed, suggestRegion(malformed));
  }
  return [...new Set(regions)];
}
