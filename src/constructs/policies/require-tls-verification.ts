import type { IAspect } from "../cdktf.js";
import { forEachWebhook, violation } from "./violation.js";

/** Forbids `skipSslVerification`. */
export function requireTlsVerification(): IAspect {
  return forEachWebhook((webhook) => {
    const skip = webhook.skipSslVerificationInput;
    if (skip === undefined || skip === false) return;
    violation(
      webhook,
      `TLS verification has to stay on, and skipSslVerification is ${skip === true ? "true" : "not known at synth"}.`,
      "Give the endpoint a certificate of a public authority and remove the setting.",
    );
  });
}
