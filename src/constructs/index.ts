/**
 * Constructs for cdktf: audit-log webhooks, their gates and health checks, and the provider that applies them.
 *
 * @module
 */

export { AuditLogBinding, type AuditLogBindingConfig } from "./audit-log-binding.js";
export {
  AuditLogDestination,
  type AuditLogDestinationConfig,
  type BindOptions,
} from "./audit-log-destination.js";
export { AuditLogWebhook, type AuditLogWebhookConfig } from "./audit-log-webhook.js";
export { AuditLogWebhooks, type AuditLogWebhooksConfig } from "./audit-log-webhooks.js";
export type { ConnectionConfig } from "./connection.js";
export {
  DataKonnectauditDestinations,
  type DataKonnectauditDestinationsConfig,
} from "./data-sources/destinations.js";
export { DataKonnectauditJwks, type DataKonnectauditJwksConfig } from "./data-sources/jwks.js";
export {
  DataKonnectauditPortalWebhookStatus,
  type DataKonnectauditPortalWebhookStatusConfig,
} from "./data-sources/portal-webhook-status.js";
export {
  DataKonnectauditWebhook,
  type DataKonnectauditWebhookConfig,
} from "./data-sources/webhook.js";
export {
  DataKonnectauditWebhookStatus,
  type DataKonnectauditWebhookStatusConfig,
} from "./data-sources/webhook-status.js";
export {
  DeliveryGate,
  type DeliveryGateConfig,
  type DeliveryGateOptions,
} from "./delivery-gate.js";
export { ConstructError, type ConstructErrorCode } from "./errors.js";
export { HealthCheck, type HealthCheckConfig } from "./health-check.js";
export {
  allowEndpointHosts,
  forbidPausedWebhooks,
  forbidPlainSecrets,
  requireEveryRegion,
  requireTlsVerification,
  requireVerifiedDelivery,
} from "./policies/index.js";
export {
  PortalAuditLogWebhook,
  type PortalAuditLogWebhookConfig,
} from "./portal-audit-log-webhook.js";
export { KonnectAuditProvider, type KonnectAuditProviderConfig } from "./provider.js";
export { Destination, type DestinationConfig } from "./resources/destination.js";
export { PortalWebhook, type PortalWebhookConfig } from "./resources/portal-webhook.js";
export { ReplayJob, type ReplayJobConfig } from "./resources/replay-job.js";
export { Webhook, type WebhookConfig } from "./resources/webhook.js";
export { WebhookBinding, type WebhookBindingConfig } from "./resources/webhook-binding.js";
export { Secret } from "./secret.js";
