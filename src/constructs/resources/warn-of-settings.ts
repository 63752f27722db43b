import { webhookWarnings } from "../../provider/schemas/warnings.js";
import type { Construct } from "../cdktf.js";
import { findings } from "../errors.js";
import { isToken, warn } from "../from-schema/attribute-values.js";

/** Warns of settings that work but should not go unnoticed, as the provider does in Terraform. */
export function warnOfSettings(
  scope: Construct,
  { region, skipSslVerification }: { region?: unknown; skipSslVerification?: unknown },
): void {
  const settings = {
    ...(isToken(region) ? {} : { region }),
    skip_ssl_verification: skipSslVerification,
  };
  for (const { summary, detail } of webhookWarnings(settings)) {
    warn(scope, findings.settingUnwise(summary, detail));
  }
}
