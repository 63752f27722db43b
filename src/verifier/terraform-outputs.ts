import * as z from "zod";
import { verifierErrors } from "./errors.js";
import { readJson } from "./read-json.js";
import type { DeclaredWebhook } from "./stack-webhooks.js";

/** `terraform output -json`: the values are ours to interpret. */
const outputsSchema = z.record(z.string(), z.looseObject({ value: z.unknown() }));

/** What makes an output's value a webhook; the resource has more attributes. */
const webhookSchema = z.looseObject({
  region: z.string(),
  endpoint: z.string(),
  log_format: z.string().nullish(),
  enabled: z.boolean().nullish(),
});

/**
 * Finds the webhooks in a Terraform configuration's outputs, at any depth of their lists and maps.
 *
 * Paused ones are left out: nothing arrives from them on purpose.
 *
 * @param file what `terraform output -json` printed
 * @throws VerifierError `VERIFY_OUTPUTS_UNREADABLE` or `VERIFY_OUTPUTS_EMPTY`
 */
export async function webhooksOfOutputs(file: string): Promise<DeclaredWebhook[]> {
  const outputs = outputsSchema.safeParse(await readJson(file));
  if (!outputs.success) throw verifierErrors.outputsUnreadable(file);
  const webhooks = Object.values(outputs.data).flatMap(({ value }) => webhooksIn(value));
  if (webhooks.length === 0) {
    throw verifierErrors.outputsEmpty(file, Object.keys(outputs.data));
  }
  return webhooks
    .filter(({ enabled }) => enabled !== false)
    .map(({ region, endpoint, log_format: format }) => ({
      region,
      expected: { endpoint, ...(format ? { log_format: format } : {}) },
    }));
}

function webhooksIn(value: unknown): z.output<typeof webhookSchema>[] {
  if (typeof value !== "object" || value === null) return [];
  const webhook = webhookSchema.safeParse(value);
  return webhook.success ? [webhook.data] : Object.values(value).flatMap(webhooksIn);
}
