import { type CleanText, cleanText, ownText } from "../../core/foreign-text.js";
import type {
  DriftReport,
  Finding,
  IgnoreRule,
  StackReport,
  Unverifiable,
} from "../drift-report.js";

/** Where a finding is, in as few words as possible. */
export function place({
  region,
  resource,
}: {
  region?: CleanText | undefined;
  resource: CleanText;
}): CleanText {
  return region ?? resource;
}

/** Characters of a line that is made of several clean texts. */
const longestSentence = 2_000;

/** A finding in one line. */
export function sentence(finding: Finding): CleanText {
  const { kind, field, expected, actual } = finding;
  const what = [place(finding), ...(field ? [field] : [])].join(", ");
  return cleanText(`${kind}: ${what}: expected ${expected}, found ${actual}`, longestSentence);
}

/** Counts of stacks by verdict. */
export function summarize({ stacks }: DriftReport): string {
  const count = (verdict: StackReport["verdict"]) =>
    stacks.filter((stack) => stack.verdict === verdict).length;
  const total = `${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}`;
  const others = (["out of sync", "error"] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict === "error" ? "inconclusive" : verdict}`);
  return `${[`${count("in sync")} of ${total} in sync`, ...others].join(", ")}.`;
}

/** An ignore rule in one line. */
export function ruleSentence({ stack, region, field, reason, expires }: IgnoreRule): CleanText {
  const what = [...(stack ? [stack] : []), region, field].join(", ");
  return cleanText(`${what} (until ${expires}): ${reason}`, longestSentence);
}

/** What no plan can show, one entry per reason, as most resources share theirs. */
export interface UnverifiableGroup {
  what: Unverifiable["what"];
  reason: CleanText;
  /** Regions, or resources; with their stack where there are several stacks. */
  places: CleanText[];
}

const noHealthCheck = {
  what: "delivery",
  reason: ownText("No health check of the code judges it."),
} as const;

/** Groups what no plan can show by its reason. */
export function groupUnverifiable({ stacks }: DriftReport): UnverifiableGroup[] {
  const groups = new Map<string, UnverifiableGroup>();
  for (const { stack, unverifiable, unwatched = [] } of stacks) {
    const unjudged = unwatched.map((entry) => ({ ...entry, ...noHealthCheck }));
    for (const entry of [...unverifiable, ...unjudged]) {
      const { what, reason } = entry;
      const key = `${what}\n${reason}`;
      const group = groups.get(key) ?? { what, reason, places: [] };
      groups.set(key, group);
      const name = stacks.length > 1 ? cleanText(`${stack}: ${place(entry)}`) : place(entry);
      if (!group.places.includes(name)) group.places.push(name);
    }
  }
  return [...groups.values()];
}

/** Such a group in one line. */
export function groupSentence({ what, reason, places }: UnverifiableGroup): CleanText {
  return cleanText(`${what} (${places.join(", ")}): ${reason}`, longestSentence);
}
