import {
  globalRegion,
  isKnownRegion,
  isWellFormedRegion,
  knownRegions,
  suggestRegion,
} from "../konnect/regions.js";
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

/** What is to be said of regions that Konnect does not document: it adds some, and names are misspelt. */
export function regionWarnings(regions: readonly string[]): string[] {
  return regions.flatMap((region) => {
    if (isKnownRegion(region)) return [];
    if (region === globalRegion) {
      return [`What the region "${globalRegion}" does to audit-log webhooks is not documented.`];
    }
    const suggestion = suggestRegion(region);
    const instead = suggestion
      ? `did you mean "${suggestion}"?`
      : `known: ${knownRegions.join(", ")}.`;
    return [`"${region}" is no region that Konnect documents: ${instead}`];
  });
}
