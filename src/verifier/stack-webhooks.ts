import { join } from "node:path";
import * as z from "zod";
import { verifierErrors } from "./errors.js";
import type { Expectations } from "./expectations.js";
import { type LeftOut, pausedInCode, portalWebhook } from "./left-out.js";
import { readJson } from "./read-json.js";

/** A webhook that a stack declares. */
export interface DeclaredWebhook {
  region: string;
  /** What is known of its settings before Terraform runs. */
  expected: Expectations;
}

/** The webhooks that a stack or a configuration declares. */
export interface DeclaredWebhooks {
  webhooks: DeclaredWebhook[];
  /** What is declared, and can't be verified or is not meant to deliver. */
  leftOut: LeftOut[];
}

/** How paused webhooks count. */
export interface PausedOptions {
  /** True if paused webhooks are no failure. @default false */
  allowPaused?: boolean | undefined;
  signal?: AbortSignal | undefined;
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

const portalSchema = z.looseObject({ region: z.string() });

const synthesized = z.looseObject({
  resource: z
    .looseObject({
      konnectaudit_webhook: z.record(z.string(), webhookSchema).optional(),
      konnectaudit_webhook_binding: z.record(z.string(), bindingSchema).optional(),
      konnectaudit_portal_webhook: z.record(z.string(), portalSchema).optional(),
      konnectaudit_destination: z.record(z.string(), z.looseObject(connection)).optional(),
    })
    .optional(),
});

type Connection = z.output<z.ZodObject<typeof connection>>;

/**
 * Reads the webhooks that a synthesized stack declares, with a connection of their own or bound to a destination.
 *
 * @param folder the stack's folder below cdktf's output
 * @throws VerifierError `VERIFY_STACK_UNREADABLE`, `VERIFY_STACK_EMPTY` or `VERIFY_STACK_REGION_UNKNOWN`
 */
export async function webhooksOfStack(
  name: string,
  folder: string,
  { allowPaused, signal }: PausedOptions = {},
): Promise<DeclaredWebhooks> {
  const file = join(folder, "cdk.tf.json");
  const stack = synthesized.safeParse(await readJson(file, signal));
  if (!stack.success) throw verifierErrors.stackUnreadable(name, file);
  const {
    konnectaudit_webhook: webhooks = {},
    konnectaudit_webhook_binding: bindings = {},
    konnectaudit_portal_webhook: portals = {},
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
  if (declared.length === 0) {
    const others = Object.keys(stack.data.resource ?? {});
    throw verifierErrors.stackEmpty(
      name,
      others.filter((type) => type.startsWith("konnectaudit_")),
    );
  }
  const literal = (region: string) => {
    if (!isLiteral(region)) throw verifierErrors.stackRegionUnknown(name);
    return region;
  };
  return {
    webhooks: declared
      .filter(({ enabled }) => !isOff(enabled))
      .map(({ region, connection }) => ({
        region: literal(region),
        expected: literals(connection),
      })),
    leftOut: [
      ...declared
        .filter(({ enabled }) => isOff(enabled))
        .map(({ region }) => pausedInCode(literal(region), allowPaused)),
      ...Object.values(portals).map(({ region }) => portalWebhook(region)),
    ],
  };
}

/** Terraform takes the word for the value. */
function isOff(enabled: unknown): boolean {
  return enabled === false || enabled === "false";
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
