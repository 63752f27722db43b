export interface PlannedChange {
  address: string;
  actions: string[];
  /** Names of the attributes that the plan changes, those known after apply included. */
  changed: string[];
}

/** What a plan, as `terraform show -json` prints it, would change; reads are left out. */
export function plannedChanges(planJson: string): PlannedChange[] {
  const { resource_changes = [] } = JSON.parse(planJson) as {
    resource_changes?: {
      address: string;
      change: {
        actions: string[];
        before: Record<string, unknown> | null;
        after: Record<string, unknown> | null;
        after_unknown: Record<string, unknown>;
      };
    }[];
  };
  return resource_changes
    .filter(({ change }) => change.actions[0] !== "no-op" && change.actions[0] !== "read")
    .map(({ address, change: { actions, before, after, after_unknown } }) => ({
      address,
      actions,
      changed: [
        ...new Set([
          ...Object.keys(before ?? {}),
          ...Object.keys(after ?? {}),
          ...Object.keys(after_unknown),
        ]),
      ]
        .filter(
          (name) =>
            after_unknown[name] === true ||
            JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null),
        )
        .sort(),
    }));
}
