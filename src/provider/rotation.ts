import { isBlank } from "../konnect/authorization.js";
import { isUnknown, type PrivateState, type Unknown } from "../terraform/index.js";
import type { CredentialFingerprints } from "./fingerprint.js";

/** The arguments that decide whether a credential is written again. */
export interface CredentialArguments {
  authorization: string | null | Unknown;
  authorization_version: number | null | Unknown;
}

/** The credential that is configured. @returns null where none is, which is also what an empty variable means */
export function configuredCredential<Config extends Pick<CredentialArguments, "authorization">>({
  authorization,
}: Config): Config["authorization"] | null {
  return isUnknown(authorization) || !isBlank(authorization) ? authorization : null;
}

/**
 * True if a rotation is asked for by `authorization_version`, yet there is no value to write: to note the new
 * version then would lose the rotation for good.
 */
export function lacksValue(
  config: CredentialArguments,
  prior: { authorization_version: number | null },
): boolean {
  const { authorization_version } = config;
  if (configuredCredential(config) !== null || isUnknown(authorization_version)) return false;
  return authorization_version !== null && authorization_version !== prior.authorization_version;
}

/**
 * True if an update has to write the credential.
 *
 * With `authorization_version` only a change of that number counts, for values that differ at each run. Without it a
 * known value is compared with the fingerprint of the last one that was written. None leaves Konnect's as it is. Where there
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
  const authorization = configuredCredential(config);
  if (authorization === null) return false;
  if (isUnknown(config.authorization_version)) return "unknown";
  if (config.authorization_version !== null) {
    const isAskedFor = config.authorization_version !== prior.authorization_version;
    return isAskedFor || !fingerprints.isKnown(privateState);
  }
  if (isUnknown(authorization)) return "unknown";
  return !(await fingerprints.matches(authorization, privateState));
}
