import * as z from "zod";
import { describeUnopenedRegion } from "../konnect/opt-in-regions.js";

const leftOutReasons = ["paused", "not opened", "dev portal"] as const;

/** What a report says of a webhook or region that was not looked at. */
export const leftOutSchema = z.object({
  region: z.string(),
  reason: z
    .enum(leftOutReasons)
    .describe(
      "`paused`: turned off in the code; `not opened`: Konnect does not open the region to the token; `dev portal`: a Dev Portal's webhook, whose events no probe can cause.",
    ),
  outcome: z
    .enum(["failed", "skipped"])
    .describe("`failed`: it counts as one that delivers nothing; `skipped`: it does not count."),
  text: z.string().describe("The reason as a sentence."),
});

export type LeftOut = z.output<typeof leftOutSchema>;

/**
 * A webhook that the code pauses.
 *
 * @param allowed true if the user said that paused webhooks are no failure
 */
export function pausedInCode(region: string, allowed = false): LeftOut {
  return {
    region,
    reason: "paused",
    outcome: allowed ? "skipped" : "failed",
    text: "Paused in the code, left out: nothing is delivered from it.",
  };
}

/** A region that the organisation has not opened. */
export function unopenedRegion(region: string): LeftOut {
  const text = `Left out: ${describeUnopenedRegion(region)}`;
  return { region, reason: "not opened", outcome: "skipped", text };
}

/** A Dev Portal's webhook, which is declared among those of regions. */
export function portalWebhook(region: string): LeftOut {
  const text = "A Dev Portal's webhook, left out: no probe can cause events of a Dev Portal.";
  return { region, reason: "dev portal", outcome: "skipped", text };
}
