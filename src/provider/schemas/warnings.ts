import {
  globalRegion,
  isKnownRegion,
  isWellFormedRegion,
  knownRegions,
  suggestRegion,
} from "../../konnect/regions.js";

/** A setting that works but should not go unnoticed. */
export interface SettingWarning {
  attribute: "region" | "skip_ssl_verification";
  summary: string;
  detail: string;
}

/** What is known of a webhook's settings; anything else (unknown values, tokens) is passed over. */
export interface PossiblySettings {
  region?: unknown;
  skip_ssl_verification?: unknown;
}

/** The warnings that a webhook's settings deserve, the same at synth and in Terraform. */
export function webhookWarnings({
  region,
  skip_ssl_verification,
}: PossiblySettings): SettingWarning[] {
  const warnings = typeof region === "string" ? regionWarnings(region) : [];
  if (skip_ssl_verification === true) {
    warnings.push({
      attribute: "skip_ssl_verification",
      summary: "TLS verification is off",
      detail:
        "With skip_ssl_verification Konnect delivers audit events, and the authorization, to whoever answers at the endpoint's address. Use a certificate that a public authority signed, and remove this setting.",
    });
  }
  return warnings;
}

/** The warnings that a region's name deserves. */
export function regionWarnings(region: string): SettingWarning[] {
  if (!isWellFormedRegion(region) || isKnownRegion(region)) return [];
  if (region === globalRegion) {
    return [
      {
        attribute: "region",
        summary: 'The region "global" is undocumented for webhooks',
        detail:
          "Older documentation says that it targets all regions; Kong's API documents don't list it. Configure each region instead.",
      },
    ];
  }
  const suggestion = suggestRegion(region);
  return [
    {
      attribute: "region",
      // The same for every region: Terraform shows alike warnings as one, and takes seconds to show hundreds one by one.
      summary: "Unknown Konnect region",
      detail: `"${region}" is none of ${knownRegions.join(", ")}.${suggestion ? ` Did you mean "${suggestion}"?` : ""} Konnect adds regions, so the name is passed on as it is.`,
    },
  ];
}

/** Hands the warnings to Terraform, on their attributes. */
export function warnAboutWebhook(
  settings: PossiblySettings,
  diagnostics: { warn(summary: string, detail: string, path: readonly string[]): void },
): void {
  for (const { attribute, summary, detail } of webhookWarnings(settings)) {
    diagnostics.warn(summary, detail, [attribute]);
  }
}
