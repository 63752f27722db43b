import { type IAspect, type IConstruct, TerraformStack } from "../cdktf.js";
import { findings } from "../errors.js";
import { GroupedFindings } from "./grouped.js";
import { settingsOf } from "./settings.js";
import { isRegionalWebhook } from "./subjects.js";

/** How a stack fares under a policy. */
type PolicyResult = "holds" | "violated" | "not judged";

/** What a policy says of what it looks at. */
export interface PolicyJudge {
  /** Makes synth fail at the construct. Webhooks of one stack that fail alike are told together, by their regions. */
  violated(construct: IConstruct, problem: string, fix: string): void;
  /** Names a paused webhook, which the policy lets pass. */
  paused(construct: IConstruct): void;
  /** What the policy asks for is not known at synth, and must not pass for something that holds. */
  notJudged(construct: IConstruct): void;
}

/** From the one that outweighs the others. */
const worstFirst: readonly PolicyResult[] = ["violated", "not judged", "holds"];

/** On the stack, under a symbol that copies of this module share. */
const resultsKey = Symbol.for("konnect-audit/policies");

/**
 * A policy as an Aspect that notes in a stack's synthesized JSON how the stack fares, for `konnect-audit review` to show.
 *
 * Only a policy on the whole stack is noted: of one on a single construct the note would claim too much.
 *
 * @param name the function that makes the policy
 * @param parameters what it was given
 */
export function policy(
  name: string,
  parameters: readonly string[],
  check: (construct: IConstruct, judge: PolicyJudge) => void,
): IAspect {
  const title = parameters.length > 0 ? `${name}(${parameters.join(", ")})` : name;
  const told = new GroupedFindings();
  const judge: PolicyJudge = {
    violated(construct, problem, fix) {
      const finding = findings.policyViolated(problem, fix);
      told.add(construct, regionOf(construct), "error", finding);
      worsen(TerraformStack.of(construct), title, "violated");
    },
    paused(construct) {
      told.add(construct, regionOf(construct), "warning", findings.webhookPaused(title));
    },
    notJudged: (construct) => worsen(TerraformStack.of(construct), title, "not judged"),
  };
  return {
    visit(construct: IConstruct): void {
      // Aspects come to the stack before they come to what is in it.
      if (TerraformStack.isStack(construct)) resultsOf(construct)[title] = "holds";
      check(construct, judge);
    },
  };
}

function regionOf(construct: IConstruct): unknown {
  return isRegionalWebhook(construct) ? settingsOf(construct).region : undefined;
}

function worsen(stack: TerraformStack, title: string, result: PolicyResult): void {
  const results = resultsOf(stack);
  const known = results[title];
  if (known && worstFirst.indexOf(result) < worstFirst.indexOf(known)) results[title] = result;
}

/** In the root's `//`, which Terraform ignores and cdktf keeps its own metadata in. */
function resultsOf(
  stack: TerraformStack & { [resultsKey]?: Record<string, PolicyResult> },
): Record<string, PolicyResult> {
  const results = stack[resultsKey] ?? {};
  if (!stack[resultsKey]) {
    Object.defineProperty(stack, resultsKey, { value: results });
    stack.addOverride("//.konnectAudit.policies", results);
  }
  return results;
}
