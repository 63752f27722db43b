import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { verifierErrors } from "./errors.js";
import type { Expectations } from "./expectations.js";

/** A webhook that a stack declares. */
export interface DeclaredWebhook {
  region: string;
  /** What is known of its settings before Terraform runs. */
  expected: Expectations;
}

const synthesized = z.looseObject({
  resource: z
    .looseObject({
      konnectaudit_webhook: z
        .record(
          z.string(),
          z.looseObject({
            region: z.string(),
            endpoint: z.string().optional(),
            log_format: z.string().optional(),
            enabled: z.unknown().optional(),
          }),
        )
        .default({}),
    })
    .default({ konnectaudit_webhook: {} }),
});

/**
 * Reads the webhooks that a synthesized stack declares.
 *
 * Paused ones are left out: nothing arrives from them on purpose.
 *
 * @param folder the stack's folder below cdktf's output
 * @throws VerifierError `VERIFY_STACK_UNREADABLE` or `VERIFY_STACK_REGION_UNKNOWN`
 */
export async function webhooksOfStack(name: string, folder: string): Promise<DeclaredWebhook[]> {
  const file = join(folder, "cdk.tf.json");
  const stack = synthesized.safeParse(await readJson(file));
  if (!stack.success) throw verifierErrors.stackUnreadable(name, file);
  return Object.values(stack.data.resource.konnectaudit_webhook)
    .filter(({ enabled }) => enabled !== false)
    .map(({ region, endpoint, log_format: format }) => {
      if (!isLiteral(region)) throw verifierErrors.stackRegionUnknown(name);
      return {
        region,
        expected: {
          ...(endpoint !== undefined && isLiteral(endpoint) ? { endpoint } : {}),
          ...(format !== undefined && isLiteral(format) ? { log_format: format } : {}),
        },
      };
    });
}

/** An expression has its value only when Terraform runs. */
function isLiteral(value: string): boolean {
  return !value.includes("${");
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined; // the caller's schema refuses it, and names the file
  }
}
