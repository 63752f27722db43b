import { moduleOf } from "./configuration.js";
import type { PlanJson } from "./plan-json.js";
import { asObject, priorResources, regionOf } from "./resource-changes.js";

/** What a `check` block or a condition said when it was planned. */
export interface CheckResult {
  address: string;
  /** The region whose deliveries it is about; `undefined` when the plan does not show it. */
  region: string | undefined;
  /** `pass`, `fail`, `error`, or `unknown` until apply. */
  status: string;
  /** What does not hold. */
  messages: string[];
}

/** The results of every check: one per instance, as a check in a repeated module has several. */
export function checkResults(plan: PlanJson): CheckResult[] {
  const region = regionFinder(plan);
  return plan.checks.flatMap(({ address, status, instances }) =>
    instances.length === 0
      ? [
          {
            address: address.to_display,
            region: region(address.to_display),
            status,
            messages: [],
          },
        ]
      : instances.map((instance) => {
          const display = (instance.address ?? address).to_display;
          return {
            address: display,
            region: region(display),
            status: instance.status,
            messages: instance.problems.flatMap(({ message }) => message ?? []),
          };
        }),
  );
}

/** Data sources that read how deliveries fare. */
export const statusTypes: ReadonlySet<string> = new Set([
  "konnectaudit_webhook_status",
  "konnectaudit_portal_webhook_status",
]);

/**
 * A plan does not show what a check refers to. Our health checks are named after the construct that their data source is
 * named after too; elsewhere a module with the status of one region only has checks of that region.
 */
function regionFinder(plan: PlanJson): (check: string) => string | undefined {
  const statuses = statusesOf(plan);
  return (check) => {
    const module = moduleOf(check);
    const near = statuses.filter(({ address }) => moduleOf(address) === module);
    const name = check.slice(module.length).replace(/^check\./, "");
    const stem = name.replace(/_[0-9A-F]{8}$/, "");
    const named = near.filter(({ address }) => {
      const status = /\.([\w-]+)(?:\[[^\]]*\])?$/.exec(address.slice(module.length))?.[1] ?? "";
      return status === name || status.replace(/_[0-9A-F]{8}$/, "") === `${stem}_status`;
    });
    const regions = new Set((named.length > 0 ? named : near).map((status) => status.region));
    return regions.size === 1 ? [...regions][0] : undefined;
  };
}

function statusesOf(plan: PlanJson): { address: string; region: string }[] {
  const read = priorResources(plan)
    .filter(({ type }) => statusTypes.has(type))
    .map(({ address, values }) => ({ address, region: regionOf(values) }));
  // Not read yet, as the webhook is to be written first.
  const deferred = plan.resource_changes
    .filter(({ mode, type }) => mode === "data" && statusTypes.has(type))
    .map(({ address, change }) => ({ address, region: regionOf(asObject(change.after)) }));
  return [...read, ...deferred].flatMap(({ address, region }) =>
    region === undefined ? [] : [{ address, region }],
  );
}
