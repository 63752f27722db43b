import { Annotations, type IAspect, type IConstruct } from "../cdktf.js";
import { describe, findings } from "../errors.js";
import { Webhook } from "../webhook.js";

/** Makes synth fail at a construct. */
export function violation(construct: IConstruct, problem: string, fix: string): void {
  Annotations.of(construct).addError(describe(findings.policyViolated(problem, fix)));
}

/** A policy on each webhook by itself. */
export function forEachWebhook(check: (webhook: Webhook) => void): IAspect {
  return {
    visit(construct: IConstruct): void {
      if (Webhook.isWebhook(construct)) check(construct);
    },
  };
}
