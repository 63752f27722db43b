/** Stable codes of destinations that can't work. */
export type SiemErrorCode =
  | "SIEM_HOST_INVALID"
  | "SIEM_PORT_INVALID"
  | "SIEM_ENDPOINT_INVALID"
  | "SIEM_SCHEME_INVALID"
  | "SIEM_SCHEME_REFUSED"
  | "SIEM_FORMAT_UNSUPPORTED"
  | "SIEM_NEEDS_RELAY";

/** A destination that Konnect could not deliver to. */
export class SiemError extends Error {
  override readonly name = "SiemError";

  constructor(
    readonly code: SiemErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
  ) {
    super(`${message} ${remedy} (${code})`);
  }

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static is(value: unknown): value is SiemError {
    return value instanceof Error && value.name === "SiemError" && "remedy" in value;
  }
}

/** Every error of this layer. */
export const siemErrors = {
  hostInvalid: (siem: string, argument: string, found: string, example: string) =>
    new SiemError(
      "SIEM_HOST_INVALID",
      `${siem}: ${argument} must be a host name, found ${JSON.stringify(found)}.`,
      `Write it without https:// and without a path, for example ${example}.`,
    ),

  portInvalid: (siem: string, found: number) =>
    new SiemError(
      "SIEM_PORT_INVALID",
      `${siem}: port must be a whole number from 1 to 65535, found ${found}.`,
      "Leave it out for the service's usual one.",
    ),

  // What was given is not shown: it may be the credential.
  schemeInvalid: () =>
    new SiemError(
      "SIEM_SCHEME_INVALID",
      "The authentication scheme must be one word.",
      'Pass the word alone, such as "Bearer"; the credential is the token.',
    ),

  schemeRefused: (siem: string, reason: string, preset: string) =>
    new SiemError(
      "SIEM_SCHEME_REFUSED",
      `${siem} would refuse each delivery: ${reason}.`,
      `Use ${preset}, which writes it so.`,
    ),

  endpointInvalid: (siem: string, message: string) =>
    new SiemError(
      "SIEM_ENDPOINT_INVALID",
      `${siem}: the endpoint ${message}.`,
      "Copy the URL from the service's set-up page.",
    ),

  formatUnsupported: (siem: string, format: string, reason: string, supported: string) =>
    new SiemError(
      "SIEM_FORMAT_UNSUPPORTED",
      `${siem} can't take logFormat "${format}": ${reason}.`,
      `Use ${supported}.`,
    ),

  needsRelay: (service: string, reason: string, relay: string) =>
    new SiemError(
      "SIEM_NEEDS_RELAY",
      `${service} can't receive from Konnect directly: ${reason}.`,
      `Put a relay between the two, ${relay}.`,
    ),
} as const;
