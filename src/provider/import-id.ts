import { providerErrors } from "./errors.js";
import { rules } from "./schemas/rules.js";

/**
 * Reads an import id that is a region.
 *
 * @throws DiagnosticError
 */
export function importRegion(type: string, id: string): { id: string; region: string } {
  const problem = rules.region(id);
  if (problem !== undefined) {
    const expected = "its region, for example eu";
    throw providerErrors.malformedImportId(type, { id, expected, problem });
  }
  return { id, region: id };
}
