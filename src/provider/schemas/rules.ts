import { checkAuthorization } from "../../konnect/authorization.js";
import { checkEndpoint } from "../../konnect/endpoint.js";
import { isWellFormedRegion, knownRegions, suggestRegion } from "../../konnect/regions.js";

/**
 * Checks of one value that both zod (at synth) and the provider's tables (in Terraform) run, by name.
 *
 * Each answers what is wrong as the rest of a sentence that begins with the attribute's name, or `undefined`.
 */
export const rules = {
  region(value: string): string | undefined {
    if (isWellFormedRegion(value)) return undefined;
    const suggestion = suggestRegion(value.trim());
    return `must be a Konnect region such as ${knownRegions.join(", ")}: lower-case letters, digits and hyphens${suggestion ? `. Did you mean "${suggestion}"?` : ""}`;
  },

  endpoint(value: string): string | undefined {
    return checkEndpoint(value)?.message;
  },

  authorization(value: string): string | undefined {
    return checkAuthorization(value)?.message;
  },
} as const;

export type RuleName = keyof typeof rules;
