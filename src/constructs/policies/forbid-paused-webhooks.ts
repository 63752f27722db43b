import type { IAspect } from "../cdktf.js";
import { policy } from "./policy.js";
import { settingsOf } from "./settings.js";
import { isRegionalWebhook } from "./subjects.js";

/** Forbids webhooks that are paused (`enabled: false`): they are there, and deliver nothing. */
export function forbidPausedWebhooks(): IAspect {
  return policy("forbidPausedWebhooks", [], (construct, { violated, notJudged }) => {
    if (!isRegionalWebhook(construct)) return;
    const { enabled } = settingsOf(construct);
    if (enabled === undefined || enabled === true) return;
    if (enabled !== false) {
      notJudged(construct);
      return;
    }
    violated(
      construct,
      "The webhook is paused, so that no audit event of its region is delivered.",
      "Remove enabled: false, or the policy.",
    );
  });
}
