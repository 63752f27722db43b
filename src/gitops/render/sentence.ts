import type { DriftReport, Finding, IgnoreRule, StackReport } from "../drift-report.js";

/** Where a finding is, as short as it can be told. */
export function place({ region, resource }: Pick<Finding, "region" | "resource">): string {
  return region ?? resource;
}

/** A finding in one line. */
export function sentence(finding: Finding): string {
  const { kind, field, expected, actual } = finding;
  const what = [place(finding), ...(field ? [field] : [])].join(", ");
  return `${kind}: ${what}: expected ${expected}, found ${actual}`;
}

/** How many stacks are how. */
export function summarize({ stacks }: DriftReport): string {
  const count = (verdict: StackReport["verdict"]) =>
    stacks.filter((stack) => stack.verdict === verdict).length;
  const total = `${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}`;
  const others = (["out of sync", "error"] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict === "error" ? "could not be told" : verdict}`);
  return `${[`${count("in sync")} of ${total} in sync`, ...others].join(", ")}.`;
}

/** An ignore rule in one line. */
export function ruleSentence({ stack, region, field, reason, expires }: IgnoreRule): string {
  const what = [...(stack ? [stack] : []), region, field].join(", ");
  return `${what} (until ${expires}): ${reason}`;
}
