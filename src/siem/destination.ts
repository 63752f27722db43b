import type { LogFormat } from "../core/log-format.js";

/**
 * A credential with text before it. Presets know where the credential belongs, not what it is: the constructs bring a token
 * that only Terraform can read.
 */
export interface PrefixedCredential<Credential> {
  readonly before: string;
  readonly credential: Credential;
}

/** Where Konnect is to deliver to, and how the service there wants it. */
export interface SiemDestination<Credential> {
  /** The service's name, as messages show it. */
  readonly siem: string;
  /** A URL; for some services the URL is itself the credential. */
  readonly endpoint: string | PrefixedCredential<Credential>;
  /** Value of the `Authorization` header; a plain string is no credential, only something that Konnect insists on. */
  readonly authorization: string | PrefixedCredential<Credential>;
  readonly logFormat: LogFormat;
  /** What a user should know before relying on it; one sentence each. */
  readonly caveats: readonly string[];
}

/** Says whether reading the destination's endpoint is enough to write to it. */
export function endpointIsSecret(destination: SiemDestination<unknown>): boolean {
  return typeof destination.endpoint !== "string";
}
