import * as z from "zod";
import { cleanText } from "../core/foreign-text.js";
import { parseJson } from "../core/json.js";
import { gitopsErrors } from "./errors.js";

/** A list that Terraform leaves out, or gives as null, when it is empty. */
function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/**
 * What happens to an object. Terraform leaves members out whose value is not known: an absent `before` or `after` is
 * unknown, while null means that there is nothing. An action that is not known here is refused: nothing could be said of it.
 */
const change = z.looseObject({
  actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  importing: z.looseObject({ id: z.string().optional() }).nullish(),
});

const resourceChange = z.looseObject({
  address: z.string(),
  /** Its address in the state, where a `moved` block gives it another one. */
  previous_address: z.string().optional(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  change,
  action_reason: z.string().optional(),
});

const checkAddress = z.looseObject({ to_display: z.string() });

const check = z.looseObject({
  address: checkAddress,
  status: z.string(),
  instances: list(
    z.looseObject({
      address: checkAddress.optional(),
      status: z.string(),
      problems: list(z.looseObject({ message: z.string().optional() })),
    }),
  ),
});

const resourceValues = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  values: z.record(z.string(), z.unknown()).nullish(),
});

/** A module, and what it calls; the root module is one too. */
const moduleValues = z.looseObject({
  resources: list(resourceValues),
  get child_modules() {
    return list(moduleValues);
  },
});

/** An action that runs besides the changes of resources (Terraform 1.14). Its values may be secret: none is read. */
const actionInvocation = z
  .looseObject({
    address: z.string(),
    lifecycle_action_trigger: z
      .looseObject({
        triggering_resource_address: z.string().optional(),
        action_trigger_event: z.string().optional(),
      })
      .nullish(),
  })
  .transform(({ address, lifecycle_action_trigger: trigger }) => ({
    address,
    event: trigger?.action_trigger_event,
    resource: trigger?.triggering_resource_address,
  }));

/**
 * The parts of Terraform's plan representation (`terraform show -json`, format 1.x) that verdicts come from.
 *
 * Terraform's promise: a newer minor version only adds members, a newer major one may change their meaning.
 */
const planSchema = z.looseObject({
  format_version: z.string(),
  errored: z.boolean().optional(),
  /** False for a plan of a part (`-target`) or with deferred changes. */
  complete: z.boolean().optional(),
  /** False when there is nothing to apply. */
  applyable: z.boolean().optional(),
  resource_drift: list(resourceChange),
  resource_changes: list(resourceChange),
  deferred_changes: list(z.unknown()),
  output_changes: z
    .record(z.string(), change)
    .nullish()
    .transform((outputs) => outputs ?? {}),
  action_invocations: list(actionInvocation),
  deferred_action_invocations: list(z.unknown()),
  checks: list(check),
  prior_state: z
    .looseObject({
      values: z.looseObject({ root_module: moduleValues.nullish() }).nullish(),
    })
    .nullish(),
  relevant_attributes: list(z.looseObject({ resource: z.string() })),
  /** Read by configuration.ts, which makes do with what is there. */
  configuration: z.unknown().optional(),
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
  const json = parseJson(text);
  if (json === undefined) throw gitopsErrors.planUnreadable("it is not JSON");
  refuseOtherFormat(json);
  const plan = planSchema.safeParse(json);
  if (!plan.success) {
    const places = plan.error.issues.map((issue) => issue.path.join(".") || "(root)");
    const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
    throw gitopsErrors.planUnreadable(
      `it does not have the expected shape (${cleanText(places.slice(0, 3).join(", "))}${more})`,
    );
  }
  if (plan.data.applyable && !hasAnythingToApply(plan.data)) {
    throw gitopsErrors.planUnreadable(
      "it is said to have something to apply (applyable), but no change is in it",
    );
  }
  return plan.data;
}

function refuseOtherFormat(json: unknown): void {
  const version = Object(json).format_version;
  if (typeof version !== "string" || /^1(\.|$)/.test(version)) return;
  throw gitopsErrors.planFormat(cleanText(version, 20));
}

function hasAnythingToApply(plan: PlanJson): boolean {
  return (
    plan.resource_changes.some(
      ({ change: { actions, importing }, previous_address }) =>
        importing || previous_address !== undefined || actions.some((name) => name !== "no-op"),
    ) ||
    // A plan of `-refresh-only` changes nothing but what the state has.
    plan.resource_drift.length > 0 ||
    Object.values(plan.output_changes).some(({ actions }) =>
      actions.some((name) => name !== "no-op"),
    ) ||
    plan.action_invocations.length > 0 ||
    plan.deferred_changes.length > 0 ||
    plan.deferred_action_invocations.length > 0
  );
}
