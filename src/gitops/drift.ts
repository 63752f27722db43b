import type { CleanUps } from "../core/clean-ups.js";
import { environmentSecrets } from "../core/environment-secrets.js";
import { cleanLines, cleanText, createCleaner, ownText } from "../core/foreign-text.js";
import { type Classification, classifyPlan } from "./classify.js";
import type { DriftReport, StackReport } from "./drift-report.js";
import { GitopsError, gitopsErrors } from "./errors.js";
import { applyIgnoreRules, type IgnoreRules, noIgnoreRules, staleRules } from "./ignore-rules.js";
import { planStack } from "./plan-stack.js";
import type { Stack } from "./stacks.js";
import type { PlanOptions } from "./terraform-command.js";

export interface DriftOptions extends PlanOptions {
  /** When the check begins: milliseconds since the Unix epoch. */
  now: number;
  /** Also judge whether deliveries succeed. */
  health: boolean;
  /** Stacks that are planned at the same time. */
  concurrency: number;
  /** Findings that are known and accepted for a time. @default none */
  ignore?: IgnoreRules | undefined;
  /** True if the stacks are all there are; else a rule may be about one that is left out. @default true */
  complete?: boolean | undefined;
  /** Stacks without any audit-log webhook are in sync, and no error. @default false */
  allowEmpty?: boolean | undefined;
  /** Where the removal of plan files is registered, which hold the state. @default none */
  cleanUps?: CleanUps | undefined;
  onStack?: (report: StackReport) => void;
}

/** Exit codes as `terraform plan -detailed-exitcode` has them. */
export const exitCodes: Readonly<Record<StackReport["verdict"], number>> = {
  "in sync": 0,
  error: 1,
  "out of sync": 2,
};

/**
 * Compares what the code says, what Terraform knows and what is at Konnect, for each stack.
 *
 * Never writes to Konnect, needs no SIEM credential, takes no lock. An error of one stack leaves the others' verdicts
 * standing. A stack in which there is nothing to check is an error, too: no evidence is no evidence of anything.
 */
export async function checkDrift(
  stacks: readonly Stack[],
  options: DriftOptions,
): Promise<DriftReport> {
  const reports = await mapBounded(stacks, options.concurrency, async (stack) => {
    const report = await checkStack(stack, options);
    options.onStack?.(report);
    return report;
  });
  const verdicts = reports.map(({ verdict }) => verdict);
  const worst = (["error", "out of sync"] as const).find((verdict) => verdicts.includes(verdict));
  const { inForce, expired } = options.ignore ?? noIgnoreRules;
  // What could not be looked at may well match a rule.
  const sawAll = worst !== "error" && options.complete !== false;
  return {
    schemaVersion: 1,
    checkedAt: new Date(options.now).toISOString(),
    verdict: worst ?? "in sync",
    health: options.health,
    stacks: reports,
    ignoreRules: { expired, stale: sawAll ? staleRules(inForce, reports) : [] },
  };
}

async function checkStack(stack: Stack, options: DriftOptions): Promise<StackReport> {
  const clean = createCleaner(environmentSecrets(options.env));
  const name = clean(stack.name);
  try {
    const { watched, deliveryChecks, unwatched, ...classified } = classifyPlan(
      await planStack(stack, options),
      { health: options.health, clean },
    );
    const { inForce } = options.ignore ?? noIgnoreRules;
    const result = {
      ...classified,
      ...(deliveryChecks.length > 0 ? { deliveryChecks } : {}),
      ...(unwatched.length > 0 ? { unwatched } : {}),
      ...applyIgnoreRules(name, classified.findings, inForce),
    };
    if (result.healthErrors.length > 0) return { stack: name, ...result, ...unhealthy(result) };
    const nothing = watched === 0 && classified.findings.length === 0;
    if (nothing && !options.allowEmpty) throw gitopsErrors.nothingWatched(stack.name);
    const verdict = result.findings.length > 0 ? "out of sync" : "in sync";
    return { stack: name, verdict, ...result };
  } catch (error) {
    if (!(error instanceof GitopsError)) throw error;
    const { code, message, remedy } = error;
    return {
      stack: name,
      verdict: "error",
      findings: [],
      ignored: [],
      unverifiable: [],
      healthErrors: [],
      error: { code, message, remedy },
    };
  }
}

function unhealthy({
  healthErrors,
}: Pick<Classification, "healthErrors">): Pick<StackReport, "verdict" | "error"> {
  const lines = healthErrors.map(({ resource, reason }) => `${resource}: ${reason}`);
  return {
    verdict: "error",
    error: {
      code: "GITOPS_HEALTH_UNREADABLE",
      message: cleanLines(lines.join("\n"), cleanText),
      remedy: ownText("Correct what is named, or leave delivery health out with --health=off."),
    },
  };
}

async function mapBounded<Item, Result>(
  items: readonly Item[],
  bound: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, worker));
  return results;
}
