import { type IAspect, TerraformStack } from "../cdktf.js";
import { DeliveryGate } from "../delivery-gate.js";
import { forEachWebhook, violation } from "./violation.js";

/** Wants a {@link DeliveryGate} on every webhook that is not paused. */
export function requireVerifiedDelivery(): IAspect {
  return forEachWebhook((webhook) => {
    if (webhook.enabledInput === false) return;
    const gates = TerraformStack.of(webhook).node.findAll().filter(DeliveryGate.isDeliveryGate);
    if (gates.some((gate) => gate.webhook.fqn === webhook.fqn)) return;
    violation(
      webhook,
      "Delivery has to be verified, and no DeliveryGate watches this webhook.",
      "Set gate: true on its AuditLogWebhook, or add a DeliveryGate for it.",
    );
  });
}
