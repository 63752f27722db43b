import type { IAspect } from "../cdktf.js";
import { policy } from "./policy.js";
import { settingsOf } from "./settings.js";
import { isConnection } from "./subjects.js";

/** Forbids `skipSslVerification`. */
export function requireTlsVerification(): IAspect {
  return policy("requireTlsVerification", [], (connection, { violated }) => {
    if (!isConnection(connection)) return;
    const { skip_ssl_verification: skip } = settingsOf(connection);
    if (skip === undefined || skip === false) return;
    violated(
      connection,
      `TLS verification has to stay on, and skipSslVerification is ${skip === true ? "true" : "not known at synth"}.`,
      "Give the endpoint a certificate of a public authority and remove the setting.",
    );
  });
}
