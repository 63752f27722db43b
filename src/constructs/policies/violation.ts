import { Annotations, type IAspect, type IConstruct } from "../cdktf.js";
import { describe, findings } from "../errors.js";
import { Destination } from "../resources/destination.js";
import { Webhook } from "../resources/webhook.js";
import { WebhookBinding } from "../resources/webhook-binding.js";

/** Makes synth fail at a construct. */
export function violation(construct: IConstruct, problem: string, fix: string): void {
  Annotations.of(construct).addError(describe(findings.policyViolated(problem, fix)));
}

/** A policy on whatever holds an endpoint. */
export function forEachConnection(check: (connection: Webhook | Destination) => void): IAspect {
  return {
    visit(construct: IConstruct): void {
      if (Webhook.isWebhook(construct) || Destination.isDestination(construct)) check(construct);
    },
  };
}

/** Says whether a construct is the webhook of a region, in either of its forms. */
export function isRegionalWebhook(construct: unknown): construct is Webhook | WebhookBinding {
  return Webhook.isWebhook(construct) || WebhookBinding.isWebhookBinding(construct);
}
