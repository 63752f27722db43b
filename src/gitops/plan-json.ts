import * as z from "zod";
import { gitopsErrors } from "./errors.js";

const change = z.looseObject({
  actions: z.array(z.string()),
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: z.unknown(),
  before_sensitive: z.unknown(),
  after_sensitive: z.unknown(),
  importing: z.looseObject({ id: z.string().optional() }).optional(),
});

const resourceChange = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  change,
  action_reason: z.string().optional(),
});

const checkAddress = z.looseObject({ to_display: z.string() });

const check = z.looseObject({
  address: checkAddress,
  status: z.string(),
  instances: z
    .array(
      z.looseObject({
        address: checkAddress.optional(),
        status: z.string(),
        problems: z.array(z.looseObject({ message: z.string().optional() })).optional(),
      }),
    )
    .optional(),
});

const resourceValues = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  values: z.record(z.string(), z.unknown()).optional(),
});

/** A module, and what it calls; the root module is one too. */
const moduleValues = z.looseObject({
  resources: z.array(resourceValues).default([]),
  get child_modules() {
    return z.array(moduleValues).default([]);
  },
});

/** The parts of Terraform's plan representation (`terraform show -json`, format 1.x) that verdicts come from. */
const planSchema = z.looseObject({
  format_version: z.string().regex(/^1\./),
  errored: z.boolean().optional(),
  resource_drift: z.array(resourceChange).default([]),
  resource_changes: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  checks: z.array(check).default([]),
  prior_state: z
    .looseObject({
      values: z.looseObject({ root_module: moduleValues.optional() }).optional(),
    })
    .optional(),
});

export type PlanJson = z.output<typeof planSchema>;
export type ResourceChange = z.output<typeof resourceChange>;
export type ModuleValues = z.output<typeof moduleValues>;
export type ResourceValues = z.output<typeof resourceValues>;

/**
 * Reads the output of `terraform show -json PLAN`.
 *
 * @throws GitopsError `GITOPS_PLAN_UNREADABLE`
 */
export function parsePlan(text: string): PlanJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw gitopsErrors.planUnreadable("it is not JSON");
  }
  const plan = planSchema.safeParse(json);
  if (plan.success) return plan.data;
  const places = plan.error.issues.map((issue) => issue.path.join(".") || "(root)");
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  throw gitopsErrors.planUnreadable(
    `it does not have the expected shape (${places.slice(0, 3).join(", ")}${more})`,
  );
}
