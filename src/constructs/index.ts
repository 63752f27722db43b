/**
 * Constructs for cdktf: audit-log webhooks, their gates and health checks, and the provider that applies them.
 *
 * @module
 */
export { AuditLogWebhook, type AuditLogWebhookConfig } from "./audit-log-webhook.js";
export { AuditLogWebhooks, type AuditLogWebhooksConfig } from "./audit-log-webhooks.js";
export {
  DataKonnectauditWebhookStatus,
  type DataKonnectauditWebhookStatusConfig,
} from "./data-webhook-status.js";
export {
  DeliveryGate,
  type DeliveryGateConfig,
  type DeliveryGateOptions,
} from "./delivery-gate.js";
export type { DestinationConfig } from "./destination.js";
export { ConstructError, type ConstructErrorCode } from "./errors.js";
export { HealthCheck, type HealthCheckConfig } from "./health-check.js";
export {
  allowEndpointHosts,
  forbidPlainSecrets,
  requireEveryRegion,
  requireTlsVerification,
  requireVerifiedDelivery,
} from "./policies/index.js";
export { KonnectAuditProvider, type KonnectAuditProviderConfig } from "./provider.js";
export { Secret } from "./secret.js";
export { Webhook, type WebhookConfig } from "./webhook.js";
