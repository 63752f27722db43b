import type { Finding, IgnoreRule } from "../drift-report.js";

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

/** An ignore rule in one line. */
export function ruleSentence({ stack, region, field, reason, expires }: IgnoreRule): string {
  const what = [...(stack ? [stack] : []), region, field].join(", ");
  return `${what} (until ${expires}): ${reason}`;
}
