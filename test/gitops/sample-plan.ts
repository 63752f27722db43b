import { type PlanJson, parsePlan } from "../../src/gitops/plan-json.js";

interface SampleChange {
  actions: string[];
  type?: string;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
  after_unknown?: Record<string, unknown>;
  before_sensitive?: Record<string, unknown>;
  after_sensitive?: Record<string, unknown>;
  importing?: { id: string };
}

/** A webhook as Terraform shows it. */
export const sampleWebhook = {
  id: "eu",
  region: "eu",
  endpoint: "https://siem.example.com/in?key=planted",
  enabled: true,
  log_format: "cef",
  skip_ssl_verification: false,
  adopt_existing: false,
  authorization_version: null,
  authorization_revision: 1,
  revision: "r1",
};

/** An update of the webhook: what it sets, and what is only known after apply. */
export function sampleUpdate(
  after: Record<string, unknown>,
  unknown: Record<string, unknown> = {},
): SampleChange {
  return {
    actions: ["update"],
    before: sampleWebhook,
    after: { ...sampleWebhook, ...after, revision: undefined },
    after_unknown: { revision: true, ...unknown },
  };
}

const absent = {
  ...{ before: null, after: null, after_unknown: {} },
  ...{ before_sensitive: {}, after_sensitive: {} },
};

/** A plan of changes, in the shape of `terraform show -json`. */
export function samplePlan(changes: readonly SampleChange[], rest: object = {}): PlanJson {
  return parsePlan(samplePlanJson(changes, rest));
}

export function samplePlanJson(changes: readonly SampleChange[], rest: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    resource_changes: changes.map(({ type = "konnectaudit_webhook", ...change }, index) => ({
      address: `${type}.r${index}`,
      mode: "managed",
      type,
      name: `r${index}`,
      change: { ...absent, ...change },
    })),
    ...rest,
  });
}
