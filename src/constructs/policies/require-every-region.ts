import { knownRegions } from "../../konnect/regions.js";
import { type IAspect, TerraformStack } from "../cdktf.js";
import { isToken } from "../from-schema/attribute-values.js";
import { policy } from "./policy.js";
import { settingsOf } from "./settings.js";
import { isRegionalWebhook } from "./subjects.js";

/**
 * Wants a webhook in every region, for each organisation (provider) of a stack. A paused one counts, and is named:
 * {@link forbidPausedWebhooks} forbids it.
 *
 * @param regions @default every region that Konnect documents
 */
export function requireEveryRegion(regions: readonly string[] = knownRegions): IAspect {
  return policy("requireEveryRegion", regions, (construct, { violated, notJudged, paused }) => {
    if (!TerraformStack.isStack(construct)) return;
    for (const webhook of construct.node.findAll().filter(isRegionalWebhook)) {
      if (settingsOf(webhook).enabled === false) paused(webhook);
    }
    for (const [organisation, present] of regionsByOrganisation(construct)) {
      const missing = regions.filter((region) => !present.includes(region));
      if (missing.length === 0) continue;
      if (present.some(isToken)) {
        notJudged(construct);
        continue;
      }
      const whose = organisation ? ` of the provider "${organisation}"` : "";
      violated(
        construct,
        `Every region${whose} needs an audit-log webhook, and ${missing.join(", ")} ${missing.length > 1 ? "have" : "has"} none.`,
        "Add them, for example to the regions of AuditLogWebhooks, or with bindTo(region).",
      );
    }
  });
}

/** A stack without any webhook counts as one organisation without regions. */
function regionsByOrganisation(stack: TerraformStack): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const webhook of stack.node.findAll().filter(isRegionalWebhook)) {
    const organisation = webhook.provider?.alias ?? "";
    found.set(organisation, [
      ...(found.get(organisation) ?? []),
      String(settingsOf(webhook).region),
    ]);
  }
  return found.size > 0 ? found : new Map([["", []]]);
}
