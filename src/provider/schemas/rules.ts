import { parseDateTime } from "../../core/date-time.js";
import { checkAuthorization, isBlank } from "../../konnect/authorization.js";
import { checkEndpoint } from "../../konnect/endpoint.js";
import { isWellFormedRegion, knownRegions, suggestRegion } from "../../konnect/regions.js";

// In lower case, as Konnect answers it: another spelling would be a difference in each plan.
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
    // Not set: plans, drift checks and destroy run without the credential, and a create names what is missing.
    return isBlank(value) ? undefined : checkAuthorization(value)?.message;
  },

  uuid(value: string): string | undefined {
    return uuid.test(value)
      ? undefined
      : "must be a UUID in lower case such as 7f9fd312-a987-4628-b4c5-bb4f4fddd5f7";
  },

  notBlank(value: string): string | undefined {
    return value.trim() === "" ? "cannot be blank" : undefined;
  },

  dateTime(value: string): string | undefined {
    return parseDateTime(value) === undefined
      ? "must be an RFC 3339 date and time such as 2026-11-22T14:00:00Z"
      : undefined;
  },
} as const;

export type RuleName = keyof typeof rules;
