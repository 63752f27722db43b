import { type AnswerContext, answerHint } from "./answers.js";
import type { Attempt } from "./attempt.js";
import type { EvidenceLevel, Verdict } from "./verdicts.js";

/** What a hint is chosen by. */
export interface HintInput extends AnswerContext {
  verdict: Verdict;
  region: string;
  /** The last attempt after the probe. */
  attempt: Attempt | undefined;
  required: EvidenceLevel;
  hasReceiver: boolean;
  /** How many of the probes arrived at the receiver. */
  arrived: number;
  probes: number;
  /** Whether Konnect's own record holds the probes that did not arrive; null when that can't be told. */
  recorded: boolean | null;
  keyProblems: readonly string[];
  signature: string | null;
}

const notRepeated =
  "Konnect does not repeat such a delivery: after the fix, a replay job brings back what was lost.";

/**
 * Says what to do about a verdict.
 *
 * @returns `undefined` when all is as asked for
 */
export function hintFor(input: HintInput): string | undefined {
  const { verdict, attempt, region } = input;
  switch (verdict) {
    case "delivered":
      return undefined;
    case "accepting":
      return input.required === "status" ? undefined : notAtTheReceiver(input);
    case "refused":
      return attempt && `${answerHint(attempt, input)} ${notRepeated}`;
    case "retrying":
    case "failing":
      return attempt && answerHint(attempt, input);
    case "silent":
      return silence(input);
    case "unverifiable":
      return signatureHint(input);
    case "misconfigured":
      return "Deploy the stack again, or correct what is expected; `konnect-audit drift` shows who is right.";
    case "disabled":
      return `Set \`enabled = true\` on the webhook of region "${region}" and deploy again.`;
    case "unconfigured":
      return `Deploy a webhook for region "${region}" first, or leave the region out.`;
  }
}

function notAtTheReceiver({ arrived, probes, recorded }: HintInput): string {
  const count = probes > 1 ? `${arrived} of ${probes} probes` : "the probe";
  if (recorded === false) {
    return `Konnect's own record does not hold ${probes > 1 ? "all probes" : "the probe"} yet: the event is late at Konnect, not lost on the way. Run again with a longer --within.`;
  }
  const known = recorded ? " Konnect has recorded it, so it was lost on the way." : "";
  return arrived > 0
    ? `Only ${count} arrived: events are lost between Konnect and the receiver. A replay job brings them back.`
    : `The endpoint accepts deliveries, but the probe is not at the receiver: is it the receiver that \`endpoint\` leads to? Events of others can keep the status fresh while the probe is lost.${known}`;
}

function silence({ hasReceiver, region, recorded }: HintInput): string {
  const also = hasReceiver ? " and nothing arrived at the receiver" : "";
  if (recorded === false) {
    return `No attempt was seen in time${also}, and Konnect's own record does not hold the probe's event: it is not yet produced. Run again with a longer --within.`;
  }
  if (recorded) {
    return `No attempt was seen in time${also}, although Konnect has recorded the probe's event: it still waits there, or was lost on the way. Run again with a longer --within; if it stays silent, disable and enable the webhook of region "${region}", and have lost events delivered again with \`konnect-audit replay\`.`;
  }
  return `No attempt was seen in time${also}. Konnect takes up to a minute, at times longer: run again with a longer --within; if it stays silent, disable and enable the webhook of region "${region}" and ask Kong's support.`;
}

function signatureHint({ signature, keyProblems }: HintInput): string {
  if (signature === "invalid") {
    return "The signature does not match the line: something between Konnect and the receiver rewrites lines, or the event is forged. Compare the line with Konnect's own copy before it is trusted.";
  }
  if (signature === "unsigned") {
    return "The event carries no signature: a relay cuts it off, or signing is not enabled for the organisation. Ask for --evidence receiver to accept that.";
  }
  return `The receiver has no key to check the signature with${keyProblems.length > 0 ? `: ${keyProblems.join("; ")}` : ""}. Start \`konnect-audit listen\` with --region or --jwks.`;
}
