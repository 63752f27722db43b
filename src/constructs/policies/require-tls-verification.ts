import type { IAspect } from "../cdktf.js";
import { settingsOf } from "./settings.js";
import { forEachConnection, violation } from "./violation.js";

/** Forbids `skipSslVerification`. */
export function requireTlsVerification(): IAspect {
  return forEachConnection((connection) => {
    const { skip_ssl_verification: skip } = settingsOf(connection);
    if (skip === undefined || skip === false) return;
    violation(
      connection,
      `TLS verification has to stay on, and skipSslVerification is ${skip === true ? "true" : "not known at synth"}.`,
      "Give the endpoint a certificate of a public authority and remove the setting.",
    );
  });
}
