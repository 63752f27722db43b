import type { CallOptions } from "../konnect/call-options.js";
import type { KonnectClient } from "../konnect/client.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { KonnectError } from "../konnect/errors.js";
import type { Destination } from "../konnect/wire.js";
import type { DiagnosticError } from "../terraform/index.js";
import { providerErrors } from "./errors.js";

/** Says whether Konnect refused a destination because another one has its name. */
export function refusesName(error: unknown): boolean {
  return KonnectError.is(error) && error.code === "KONNECT_CONFLICT";
}

/** The destination that has a name, as far as Konnect lists it. */
export async function ownerOfName(
  konnect: KonnectClient,
  name: string,
  options: CallOptions,
): Promise<Destination | undefined> {
  const found = await konnect.listDestinations({ name }, options);
  return found.find((destination) => destination.name === name);
}

/** The error that says whose the name is. */
export function nameTaken(name: string, owner: Destination | undefined): DiagnosticError {
  return providerErrors.destinationNameTaken(
    name,
    owner && { id: owner.id, endpoint: maskEndpoint(owner.endpoint) },
  );
}
