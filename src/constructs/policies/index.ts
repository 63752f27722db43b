/**
 * Policies as cdktf Aspects: `Aspects.of(stack).add(requireTlsVerification())`. A violation fails synth, with the construct's
 * path. cdktf applies the Aspects of stacks and of what is in them, not those of an App.
 *
 * @module
 */
export { allowEndpointHosts } from "./allow-endpoint-hosts.js";
export { forbidPausedWebhooks } from "./forbid-paused-webhooks.js";
export { forbidPlainSecrets } from "./forbid-plain-secrets.js";
export { requireEveryRegion } from "./require-every-region.js";
export { requireTlsVerification } from "./require-tls-verification.js";
export { requireVerifiedDelivery } from "./require-verified-delivery.js";
