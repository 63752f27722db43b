import type { PlanContext } from "../terraform/index.js";
import { konnectDiagnostic } from "./konnect-diagnostics.js";
import type { ProviderRun } from "./run.js";

/**
 * Refuses a region that the server URL can't serve, before anything is written: both are known in a plan.
 *
 * @param region may be unknown yet
 * @throws DiagnosticError on the attribute, where there is one
 */
export function requireServable(
  { client, planned }: Pick<PlanContext<unknown, ProviderRun>, "client" | "planned">,
  region: unknown,
  attribute?: string,
): void {
  if (!client || planned === null || typeof region !== "string") return;
  try {
    client.checkRegion(region);
  } catch (error) {
    throw konnectDiagnostic(error, [], attribute);
  }
}
