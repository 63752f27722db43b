/** Stable codes of destinations that can't work. */
export type SiemErrorCode =
  | "SIEM_HOST_INVALID"
  | "SIEM_ENDPOINT_INVALID"
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
