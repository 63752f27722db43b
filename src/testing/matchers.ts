import { isDeepStrictEqual } from "node:util";
import type { TerraformMetaArguments } from "../constructs/cdktf.js";
import { camelCase } from "../constructs/from-schema/camel-case.js";
import { Destination } from "../constructs/resources/destination.js";
import { Webhook, type WebhookConfig } from "../constructs/resources/webhook.js";
import { WebhookBinding } from "../constructs/resources/webhook-binding.js";
import { runsVerifier } from "../core/verifier-command.js";
import { webhookArguments } from "../provider/schemas/webhook.js";
import { namedResourcesOf, resourcesOf } from "./synthesized.js";

/** What vitest and jest expect of a matcher. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/**
 * What a test looks for in a webhook: any of its arguments, as values, as expressions (`"${var.SIEM_TOKEN}"`), or as the test
 * runner's own matchers such as `expect.stringContaining("splunk")`. What a webhook was not given has its default.
 */
export type ExpectedWebhook = Partial<
  Omit<WebhookConfig, "authorization" | keyof TerraformMetaArguments>
> & {
  /** The expression that stands for the credential. */
  readonly authorization?: string | undefined;
};

/** What a test looks for in a gate. */
export interface ExpectedGate {
  /** The region whose deliveries it proves. @default any */
  region?: string;
}

/**
 * Matchers for a user's own tests, for vitest and jest: `expect.extend(auditLogMatchers)`, then
 * `expect(stack).toHaveAuditLogWebhook({ region: "eu" })`. {@link AuditLogMatchers} has their types.
 */
export const auditLogMatchers = {
  /**
   * True if the stack has a webhook with these arguments; others are not looked at. A webhook that is bound to a destination
   * has the destination's.
   *
   * @throws TypeError for an argument that no webhook has: with `not` it would always pass
   */
  toHaveAuditLogWebhook(received: unknown, expected: ExpectedWebhook = {}): MatcherResult {
    refuseUnknown(expected, [...webhookProperties, "authorization"]);
    const wanted = Object.entries(expected).map(
      ([name, value]) => [snakeCase(name), value] as const,
    );
    const found = webhooksOf(received);
    const differing = found.map((webhook) =>
      wanted.filter(([name, value]) => !matches(webhook[name], value)).map(([name]) => name),
    );
    const pass = differing.some((names) => names.length === 0);
    return {
      pass,
      message: () => {
        const head = `Expected the stack ${pass ? "not " : ""}to have an audit-log webhook with\n${show(inCamelCase(Object.fromEntries(wanted)))}`;
        return `${head}\n${pass ? `It has ${found.length}.` : nearest(found, differing)}`;
      },
    };
  },

  /** True if the stack verifies deliveries, of one region or at all. */
  toHaveDeliveryGate(received: unknown, expected: ExpectedGate = {}): MatcherResult {
    refuseUnknown(expected, ["region"]);
    const { region } = expected;
    const regions = ["terraform_data", "null_resource"]
      .flatMap((type) => resourcesOf(received, type))
      .flatMap(gatedRegion);
    const pass = region === undefined ? regions.length > 0 : regions.includes(region);
    const which =
      region === undefined ? "a delivery gate" : `a delivery gate for region "${region}"`;
    return {
      pass,
      message: () =>
        `Expected the stack ${pass ? "not " : ""}to have ${which}. Gates are there for: ${regions.join(", ") || "none"}.`,
    };
  },
} as const;

/**
 * The types of {@link auditLogMatchers}, to be merged into those of the test runner:
 *
 * @example
 * declare module "vitest" {
 *   interface Matchers<T> extends AuditLogMatchers<T> {}
 * }
 */
export interface AuditLogMatchers<Result = unknown> {
  toHaveAuditLogWebhook(expected?: ExpectedWebhook): Result;
  toHaveDeliveryGate(expected?: ExpectedGate): Result;
}

/** A webhook with its defaults, by Terraform's names. */
type FoundWebhook = Readonly<Record<string, unknown>>;

const webhookProperties = Object.keys(webhookArguments.shape).map(camelCase);

function refuseUnknown(expected: object, known: readonly string[]): void {
  for (const name of Object.keys(expected)) {
    if (known.includes(name)) continue;
    throw new TypeError(`There is no "${name}" to look for. Known are ${known.join(", ")}.`);
  }
}

/** The webhooks of a stack; of a bound one with the connection of its destination. */
function webhooksOf(received: unknown): FoundWebhook[] {
  const own = resourcesOf(received, Webhook.tfResourceType);
  const destinations = namedResourcesOf(received, Destination.tfResourceType);
  const bound = resourcesOf(received, WebhookBinding.tfResourceType).map((binding) => {
    const id = String(binding.audit_log_destination_id);
    const [, name = ""] = /\$\{konnectaudit_destination\.([\w-]+)\.id\}/.exec(id) ?? [];
    const { name: _, ...connection } = destinations[name] ?? {};
    // Destroy always removes a binding: it has no setting for that.
    return { ...defaults, on_destroy: undefined, ...connection, ...binding };
  });
  return [...own.map((webhook) => ({ ...defaults, ...webhook })), ...bound];
}

/** The webhook with the fewest differences, and what they are. */
function nearest(
  found: readonly FoundWebhook[],
  differing: readonly (readonly string[])[],
): string {
  const [index] = [...differing.keys()].sort(
    (a, b) => (differing[a]?.length ?? 0) - (differing[b]?.length ?? 0),
  );
  const webhook = index === undefined ? undefined : found[index];
  if (!webhook) return "It has none.";
  const values = (differing[index ?? 0] ?? []).map((name) => [name, webhook[name] ?? null]);
  const rest = found.length > 1 ? ` (of ${found.length})` : "";
  return `The nearest${rest}, of region ${show(webhook.region)}, has\n${show(inCamelCase(Object.fromEntries(values)))}`;
}

/** The region whose deliveries a resource proves, where it does. */
function gatedRegion({ provisioner }: Readonly<Record<string, unknown>>): string[] {
  const provisioners = Array.isArray(provisioner) ? provisioner : [];
  return provisioners.flatMap((each) => {
    const { command = "", environment = {} } = each["local-exec"] ?? {};
    if (!runsVerifier(command)) return [];
    const region = /--region (\S+)/.exec(command)?.[1] ?? "?";
    const variable = /^"\$(\w+)"$/.exec(region)?.[1];
    return [variable === undefined ? region : String(environment[variable])];
  });
}

function inCamelCase(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), value]),
  );
}

/** What the provider takes for arguments that are not given, by Terraform's names. */
const defaults = Object.fromEntries(
  Object.entries(webhookArguments.shape).map(([name, type]) => [
    name,
    type.safeParse(undefined).data,
  ]),
);

/** `expect.stringContaining("splunk")` and its like: what vitest and jest have in common. */
interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
  /** What it was made with. */
  sample?: unknown;
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return typeof value === "object" && value !== null && "asymmetricMatch" in value;
}

function matches(value: unknown, wanted: unknown): boolean {
  return isAsymmetric(wanted) ? wanted.asymmetricMatch(value) : isDeepStrictEqual(value, wanted);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, each) => (isAsymmetric(each) ? nameOf(each) : each), 2);
}

function nameOf(matcher: AsymmetricMatcher): string {
  return [String(matcher), ...(matcher.sample === undefined ? [] : [String(matcher.sample)])].join(
    " ",
  );
}
