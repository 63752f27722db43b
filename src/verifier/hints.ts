import { type Attempt, isTlsFailure } from "./attempt.js";
import type { EvidenceLevel, Verdict } from "./verdicts.js";

/** What a hint is chosen by. */
export interface HintInput {
  verdict: Verdict;
  region: string;
  /** The last attempt after the probe. */
  attempt: Attempt | undefined;
  required: EvidenceLevel;
  hasReceiver: boolean;
  /** How many of the probes arrived at the receiver. */
  arrived: number;
  probes: number;
  skipsTlsVerification: boolean;
  keyProblems: readonly string[];
  signature: string | null;
}

const credential =
  "The endpoint refuses the credential. Check the webhook's `authorization`: scheme word (Bearer, Splunk, Api-Token …), token, and that the token is enabled; then deploy again.";
const notRepeated =
  "Konnect does not repeat such a delivery: after the fix, a replay job brings back what was lost.";

/** What to do about an answer of the endpoint, by its status. */
const byResponseCode: Readonly<Record<number, string>> = {
  400: "The endpoint does not understand the body. Check that it takes newline-separated text with gzip, and the webhook's `log_format`.",
  401: credential,
  403: credential,
  404: "The endpoint's path is wrong, or the input was removed from the SIEM. Correct `endpoint`.",
  405: "The endpoint does not take POST: its path is wrong. Correct `endpoint`.",
  407: "A proxy in front of the endpoint asks for its own credential. Give Konnect a way past it.",
  410: "The input was removed from the SIEM. Create it again and correct `endpoint`.",
  411: "The endpoint wants a Content-Length. Put a relay in front of it that buffers.",
  413: "A batch is larger than the endpoint takes. Raise its limit for request bodies.",
  415: "The endpoint does not take text/plain or gzip. Use the SIEM's raw input, or a relay.",
  429: "The endpoint throttles. Raise its quota, or send to a relay that buffers.",
  500: "The endpoint fails. Look into the SIEM's own log at that time.",
  502: "A gateway in front of the endpoint can't reach it. Check that it runs.",
  503: "The endpoint is overloaded or down. Check its health and queue; Konnect's documentation does not promise to repeat after 503.",
  504: "A gateway in front of the endpoint got no answer in time. Check that it runs.",
};

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

/** What to do about an attempt that failed. */
export function answerHint(
  attempt: Attempt,
  { skipsTlsVerification }: Pick<HintInput, "skipsTlsVerification">,
): string {
  const { responseCode: code } = attempt;
  if (isTlsFailure(attempt)) {
    return skipsTlsVerification
      ? "TLS fails although verification is off: the endpoint offers no protocol version or cipher that Konnect takes."
      : "The endpoint's certificate is not trusted. Serve a certificate of a public authority with its whole chain, for the endpoint's host name.";
  }
  if (code === null) {
    return "Konnect can't connect. Check the endpoint's host name, port and firewall; Konnect's egress addresses are at https://ip-addresses.origin.konghq.com/ip-addresses.json.";
  }
  if (code >= 300 && code < 400) {
    return "The endpoint redirects, and Konnect does not follow. Set `endpoint` to the final address.";
  }
  const general = code < 500 ? "The endpoint refuses the delivery." : "The endpoint fails.";
  return byResponseCode[code] ?? `${general} Look up ${code} in the SIEM's documentation.`;
}

function notAtTheReceiver({ arrived, probes }: HintInput): string {
  const count = probes > 1 ? `${arrived} of ${probes} probes` : "the probe";
  return arrived > 0
    ? `Only ${count} arrived: events are lost between Konnect and the receiver. A replay job brings them back.`
    : "The endpoint accepts deliveries, but the probe is not at the receiver: is it the receiver that `endpoint` leads to? Events of others can keep the status fresh while the probe is lost.";
}

function silence({ hasReceiver, region }: HintInput): string {
  const also = hasReceiver ? " and nothing arrived at the receiver" : "";
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
