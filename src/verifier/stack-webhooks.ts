import { join } from "node:path";
import * as z from "zod";
import { verifierErrors } from "./errors.js";
import type { Expectations } from "./expectations.js";
import { readJson } from "./read-json.js";

/** A webhook that a stack declares. */
export interface DeclaredWebhook {
  region: string;
  /** What is known of its settings before Terraform runs. */
  expected: Expectations;
}

const connection = {
  endpoint: z.string().optional(),
  log_format: z.string().optional(),
};

const webhookSchema = z.looseObject({
  region: z.string(),
  enabled: z.unknown().optional(),
  ...connection,
});

const bindingSchema = z.looseObject({
  region: z.string(),
  enabled: z.unknown().optional(),
  audit_log_destination_id: z.string(),
});

const synthesized = z.looseObject({
  resource: z
    .looseObject({
      konnectaudit_webhook: z.record(z.string(), webhookSchema).optional(),
      konnectaudit_webhook_binding: z.record(z.string(), bindingSchema).optional(),
      konnectaudit_destination: z.record(z.string(), z.looseObject(connection)).optional(),
    })
    .optional(),
});

type Connection = z.output<z.ZodObject<typeof connection>>;

/**
 * Reads the webhooks that a synthesized stack declares, with a connection of their own or bound to a destination.
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
  const {
    konnectaudit_webhook: webhooks = {},
    konnectaudit_webhook_binding: bindings = {},
    konnectaudit_destination: destinations = {},
  } = stack.data.resource ?? {};
  const declared = [
    ...Object.values(webhooks).map((webhook) => ({
      ...webhook,
      connection: webhook as Connection,
    })),
    ...Object.values(bindings).map((binding) => ({
      ...binding,
      connection: destinationOf(binding, destinations),
    })),
  ];
  return declared
    .filter(({ enabled }) => enabled !== false)
    .map(({ region, connection }) => {
      if (!isLiteral(region)) throw verifierErrors.stackRegionUnknown(name);
      return { region, expected: literals(connection) };
    });
}

/** The destination that a binding refers to by its id, where the stack declares that too. */
function destinationOf(
  { audit_log_destination_id: id }: z.output<typeof bindingSchema>,
  destinations: Readonly<Record<string, Connection>>,
): Connection {
  const name = /^\$\{konnectaudit_destination\.([\w-]+)\.id\}$/.exec(id)?.[1];
  return (name === undefined ? undefined : destinations[name]) ?? {};
}

function literals({ endpoint, log_format: format }: Connection): Expectations {
  return {
    ...(endpoint !== undefined && isLiteral(endpoint) ? { endpoint } : {}),
    ...(format !== undefined && isLiteral(format) ? { log_format: format } : {}),
  };
}

/** An expression has its value only when Terraform runs. */
function isLiteral(value: string): boolean {
  return !value.includes("${");
}
