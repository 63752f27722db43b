import type { JsonValue, MoveContext } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import type { DestinationValues } from "./values.js";

/** How a resource of Kong's own provider becomes one of ours by removing and importing. */
export interface Takeover {
  /** Kong's type. */
  source: string;
  target: string;
  /** The import id as a placeholder. */
  importId: string;
}

/**
 * Answers a `moved` block from a resource of Kong's whose state does not say which region it belongs to.
 *
 * @throws DiagnosticError always: with the two blocks to use instead
 */
export function refuseMove({ sourceTypeName }: MoveContext, takeover: Takeover): never {
  if (sourceTypeName === takeover.source) throw providerErrors.regionUnknownToMove(takeover);
  throw providerErrors.moveUnsupported(sourceTypeName, takeover);
}

/**
 * Takes over the state of Kong's `konnect_audit_log_destination`, but for the credential that it holds in clear.
 *
 * @throws DiagnosticError for any other resource
 */
export function moveDestination({ sourceTypeName, sourceState }: MoveContext) {
  const takeover = {
    source: "konnect_audit_log_destination",
    target: "konnectaudit_destination",
    importId: "<id>",
  };
  const { id, name, endpoint, ...rest } = sourceState as Record<string, JsonValue>;
  if (sourceTypeName !== takeover.source || typeof id !== "string") {
    throw providerErrors.moveUnsupported(sourceTypeName, takeover);
  }
  const { log_format, skip_ssl_verification, created_at, updated_at } = rest;
  const moved = { id, name, endpoint, log_format, skip_ssl_verification, created_at, updated_at };
  // The engine checks each value's type against the schema.
  return moved as Partial<DestinationValues>;
}
