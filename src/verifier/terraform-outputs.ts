import * as z from "zod";
import { verifierErrors } from "./errors.js";
import { pausedInCode, portalWebhook } from "./left-out.js";
import { readJson } from "./read-json.js";
import type { DeclaredWebhooks, PausedOptions } from "./stack-webhooks.js";

/** `terraform output -json`: the values are ours to interpret. */
const outputsSchema = z.record(z.string(), z.looseObject({ value: z.unknown() }));

/** What makes an output's value a webhook; the resource has more attributes. */
const webhookSchema = z.looseObject({
  region: z.string(),
  endpoint: z.string(),
  portal_id: z.string().nullish(),
  log_format: z.string().nullish(),
  enabled: z.boolean().nullish(),
});

/**
 * Finds the webhooks in a Terraform configuration's outputs, at any depth of their lists and maps.
 *
 * @param file what `terraform output -json` printed
 * @throws VerifierError `VERIFY_OUTPUTS_UNREADABLE` or `VERIFY_OUTPUTS_EMPTY`
 */
export async function webhooksOfOutputs(
  file: string,
  { allowPaused, signal }: PausedOptions = {},
): Promise<DeclaredWebhooks> {
  const outputs = outputsSchema.safeParse(await readJson(file, signal));
  if (!outputs.success) throw verifierErrors.outputsUnreadable(file);
  const found = Object.values(outputs.data).flatMap(({ value }) => webhooksIn(value));
  if (found.length === 0) {
    throw verifierErrors.outputsEmpty(file, Object.keys(outputs.data));
  }
  const ofRegions = found.filter(({ portal_id: portal }) => !portal);
  return {
    webhooks: ofRegions
      .filter(({ enabled }) => enabled !== false)
      .map(({ region, endpoint, log_format: format }) => ({
        region,
        expected: { endpoint, ...(format ? { log_format: format } : {}) },
      })),
    leftOut: [
      ...ofRegions
        .filter(({ enabled }) => enabled === false)
        .map(({ region }) => pausedInCode(region, allowPaused)),
      ...found.filter(({ portal_id: portal }) => portal).map(({ region }) => portalWebhook(region)),
    ],
  };
}

function webhooksIn(value: unknown): z.output<typeof webhookSchema>[] {
  if (typeof value !== "object" || value === null) return [];
  const webhook = webhookSchema.safeParse(value);
  return webhook.success ? [webhook.data] : Object.values(value).flatMap(webhooksIn);
}
