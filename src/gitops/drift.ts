import { type Classification, classifyPlan } from "./classify.js";
import { GitopsError } from "./errors.js";
import { type PlanOptions, planStack } from "./plan-stack.js";
import type { Stack } from "./stacks.js";

/** What is said of one stack. */
export interface StackReport extends Classification {
  stack: string;
  verdict: "in sync" | "out of sync" | "error";
  /** Why it could not be told. */
  error?: { code: string; message: string; remedy: string };
}

/** What a drift check answers. */
export interface DriftReport {
  /** Grows when a field changes its meaning or goes away. */
  schemaVersion: 1;
  /** The worst of all stacks; an error beats all, because it hides what may be there. */
  verdict: StackReport["verdict"];
  stacks: StackReport[];
}

export interface DriftOptions extends PlanOptions {
  /** Also judge whether deliveries succeed. */
  health: boolean;
  /** Stacks that are planned at the same time. */
  concurrency: number;
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
 * standing.
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
  return { schemaVersion: 1, verdict: worst ?? "in sync", stacks: reports };
}

async function checkStack(stack: Stack, options: DriftOptions): Promise<StackReport> {
  try {
    const result = classifyPlan(await planStack(stack, options), options);
    if (result.healthErrors.length > 0)
      return { stack: stack.name, ...result, ...unhealthy(result) };
    const verdict = result.findings.length > 0 ? "out of sync" : "in sync";
    return { stack: stack.name, verdict, ...result };
  } catch (error) {
    if (!(error instanceof GitopsError)) throw error;
    const { code, message, remedy } = error;
    const nothing = { findings: [], unverifiable: [], healthErrors: [] };
    return { stack: stack.name, verdict: "error", ...nothing, error: { code, message, remedy } };
  }
}

function unhealthy({ healthErrors }: Classification): Pick<StackReport, "verdict" | "error"> {
  return {
    verdict: "error",
    error: {
      code: "GITOPS_HEALTH_UNREADABLE",
      message: healthErrors.map(({ resource, reason }) => `${resource}: ${reason}`).join("\n"),
      remedy: "Correct what is named, or leave delivery health out with --health=off.",
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
