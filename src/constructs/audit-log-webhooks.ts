import { AuditLogWebhook, type AuditLogWebhookConfig } from "./audit-log-webhook.js";
import { Construct } from "./cdktf.js";
import { ConstructError, findings } from "./errors.js";
import { isToken } from "./from-schema/attribute-values.js";

/** What may differ from region to region: everything. */
type RegionalConfig = Omit<AuditLogWebhookConfig, "region">;

/** Arguments of {@link AuditLogWebhooks}. */
export interface AuditLogWebhooksConfig extends RegionalConfig {
  /** Konnect regions, such as `["us", "eu"]`. */
  readonly regions: readonly string[];
  /** What differs in single regions. */
  readonly overrides?: Readonly<Record<string, Partial<RegionalConfig>>>;
}

const besidesSiem = ["endpoint", "authorization", "logFormat"] as const;

/** The same audit-log webhook in many regions; each is an {@link AuditLogWebhook} under its region's name. */
export class AuditLogWebhooks extends Construct {
  /** By region, in the order given. */
  readonly webhooks: ReadonlyMap<string, AuditLogWebhook>;

  /** @throws ConstructError `REGIONS_EMPTY`, `ATTRIBUTE_INVALID` for an override of a region that is not listed */
  constructor(scope: Construct, id: string, config: AuditLogWebhooksConfig) {
    super(scope, id);
    const { regions, overrides = {}, ...common } = config;
    if (regions.length === 0) throw new ConstructError(findings.regionsEmpty(), this.node.path);
    this.#refuseTokens(regions);
    this.#refuseStrayOverrides(regions, Object.keys(overrides));
    this.webhooks = new Map(
      [...new Set(regions)].map((region) => [
        region,
        new AuditLogWebhook(this, region, { ...merge(common, overrides[region] ?? {}), region }),
      ]),
    );
  }

  /**
   * The webhook of one region.
   *
   * @throws ConstructError `ATTRIBUTE_INVALID` when the region is not among those given
   */
  forRegion(region: string): AuditLogWebhook {
    const webhook = this.webhooks.get(region);
    if (webhook) return webhook;
    throw new ConstructError(
      findings.regionNotListed(region, [...this.webhooks.keys()]),
      this.node.path,
    );
  }

  /** Construct ids can't hold tokens, and the number of regions has to be known. */
  #refuseTokens(regions: readonly string[]): void {
    if (!isToken(regions) && !regions.some(isToken)) return;
    throw new ConstructError(findings.regionsAreTokens(), this.node.path);
  }

  #refuseStrayOverrides(regions: readonly string[], overridden: readonly string[]): void {
    const stray = overridden.find((region) => !regions.includes(region));
    if (stray === undefined) return;
    throw new ConstructError(findings.regionNotListed(stray, regions), this.node.path);
  }
}

/** A preset and the parts of another destination don't mix: what an override gives of the one drops the other. */
function merge(common: RegionalConfig, override: Partial<RegionalConfig>): RegionalConfig {
  const kept = new Map(Object.entries(common));
  if (override.siem) for (const name of besidesSiem) kept.delete(name);
  if (besidesSiem.some((name) => override[name] !== undefined)) kept.delete("siem");
  return { ...Object.fromEntries(kept), ...override };
}
