import { isUnknown, type PrivateState, type Unknown } from "../terraform/index.js";
import type { CredentialFingerprints } from "./fingerprint.js";

/** The arguments that decide whether a credential is written again. */
export interface CredentialArguments {
  authorization: string | null | Unknown;
  authorization_version: number | null | Unknown;
}

/**
 * Says whether a rotation is asked for by `authorization_version`, yet there is no value to write: to note the new
 * version then would lose the rotation for good.
 */
export function lacksValue(
  { authorization, authorization_version }: CredentialArguments,
  prior: { authorization_version: number | null },
): boolean {
  if (authorization !== null || isUnknown(authorization_version)) return false;
  return authorization_version !== null && authorization_version !== prior.authorization_version;
}

/**
 * Says whether an update (has to) write the credential.
 *
 * With `authorization_version` only a change of that number counts, for values that differ at each run. Without it a
 * known value is compared with the fingerprint of the last one that was written. Null leaves Konnect's as it is. Where there
 * is no fingerprint, as after a write whose answer was lost, Konnect may have any value.
 *
 * @returns "unknown" when only apply can tell
 */
export async function rotates(
  config: CredentialArguments,
  prior: { authorization_version: number | null },
  privateState: PrivateState,
  fingerprints: CredentialFingerprints,
): Promise<boolean | "unknown"> {
  if (config.authorization === null) return false;
  if (isUnknown(config.authorization_version)) return "unknown";
  if (config.authorization_version !== null) {
    const isAskedFor = config.authorization_version !== prior.authorization_version;
    return isAskedFor || !fingerprints.isKnown(privateState);
  }
  if (isUnknown(config.authorization)) return "unknown";
  return !(await fingerprints.matches(config.authorization, privateState));
}
