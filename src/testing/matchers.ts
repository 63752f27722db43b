import { isDeepStrictEqual } from "node:util";
import type { TerraformMetaArguments } from "../constructs/cdktf.js";
import { Webhook, type WebhookConfig } from "../constructs/resources/webhook.js";
import { webhookArguments } from "../provider/schemas/webhook.js";
import { resourcesOf } from "./synthesized.js";

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
  /** Says whether the stack has a webhook with these arguments; others are not looked at. */
  toHaveAuditLogWebhook(received: unknown, expected: ExpectedWebhook = {}): MatcherResult {
    const wanted = Object.entries(expected).map(
      ([name, value]) => [snakeCase(name), value] as const,
    );
    const found = resourcesOf(received, Webhook.tfResourceType);
    const pass = found.some((webhook) => {
      const settings: Readonly<Record<string, unknown>> = { ...defaults, ...webhook };
      return wanted.every(([name, value]) => matches(settings[name], value));
    });
    return {
      pass,
      message: () =>
        `Expected the stack ${pass ? "not " : ""}to have an audit-log webhook with\n${show(Object.fromEntries(wanted))}\nIt has\n${found.map(show).join("\n") || "none"}`,
    };
  },

  /** Says whether the stack verifies deliveries, of one region or at all. */
  toHaveDeliveryGate(received: unknown, { region }: ExpectedGate = {}): MatcherResult {
    const commands = ["null_resource", "terraform_data"]
      .flatMap((type) => resourcesOf(received, type))
      .map((carrier) => JSON.stringify(carrier.provisioner ?? []))
      .filter((provisioners) => provisioners.includes("konnect-audit/verify.cjs verify "));
    const regions = commands.map((command) => /--region (\S+?)[ "\\]/.exec(command)?.[1] ?? "?");
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
