/**
 * Audit-log webhooks as code for Kong Konnect: constructs for cdktf, presets for SIEMs, secrets.
 *
 * @module
 */
export * from "./constructs/index.js";
export {
  type LogFormat,
  Siem,
  type SiemDestination,
  SiemError,
  type SiemErrorCode,
} from "./siem/index.js";
