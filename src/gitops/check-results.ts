import type { PlanJson } from "./plan-json.js";

/** What a `check` block or a condition said when it was planned. */
export interface CheckResult {
  address: string;
  status: string;
  /** What does not hold. */
  messages: string[];
}

/** The results of every check: one per instance, as a check in a repeated module has several. */
export function checkResults({ checks }: PlanJson): CheckResult[] {
  return checks.flatMap(({ address, status, instances = [] }) =>
    instances.length === 0
      ? [{ address: address.to_display, status, messages: [] }]
      : instances.map((instance) => ({
          address: (instance.address ?? address).to_display,
          status: instance.status,
          messages: (instance.problems ?? []).flatMap(({ message }) => message ?? []),
        })),
  );
}
