import { type IAspect, TerraformStack } from "../cdktf.js";
import { DeliveryGate } from "../delivery-gate.js";
import { policy } from "./policy.js";
import { settingsOf } from "./settings.js";
import { isRegionalWebhook } from "./subjects.js";

/**
 * Wants a {@link DeliveryGate} on every region's webhook that is not paused; what is paused delivers nothing, and is named:
 * {@link forbidPausedWebhooks} forbids it.
 */
export function requireVerifiedDelivery(): IAspect {
  return policy("requireVerifiedDelivery", [], (construct, { violated, paused }) => {
    if (!isRegionalWebhook(construct)) return;
    if (settingsOf(construct).enabled === false) {
      paused(construct);
      return;
    }
    const gates = TerraformStack.of(construct).node.findAll().filter(DeliveryGate.isDeliveryGate);
    if (gates.some((gate) => gate.webhook.fqn === construct.fqn)) return;
    violated(
      construct,
      "Delivery has to be verified, and no DeliveryGate watches this webhook.",
      "Set gate: true where it is defined, or add a DeliveryGate for it.",
    );
  });
}
