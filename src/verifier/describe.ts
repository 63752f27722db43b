import { type Attempt, describeAnswer } from "./attempt.js";
import type { RegionReport } from "./report.js";
import type { Verdict } from "./verdicts.js";

/** What a region's verdict stands on, in a few words. */
export function describeEvidence(report: RegionReport): string {
  if (!report.verdict) return report.error?.code ?? "";
  return evidenceWords[report.verdict](report);
}

const evidenceWords: Readonly<Record<Verdict, (report: RegionReport) => string>> = {
  delivered: (report) => arrivalWords(report),
  accepting: (report) => answerWords(report, "answered"),
  retrying: (report) => answerWords(report, "answers"),
  failing: (report) => answerWords(report, "answers"),
  refused: (report) => answerWords(report, "answered"),
  silent: () => "no delivery was attempted in time",
  unverifiable: (report) => arrivalWords(report),
  misconfigured: ({ differences }) =>
    `${differences.map(({ field }) => field).join(", ")} not as expected`,
  disabled: () => "enabled is false",
  unconfigured: () => "no endpoint is set",
};

/** The endpoint's answer to the last attempt after the probe. */
function answerWords({ last_attempt: attempt }: RegionReport, verb: string): string {
  if (!attempt) return "the endpoint was not asked";
  const { response_code: responseCode, response_message: responseMessage } = attempt;
  const answer = describeAnswer({ responseCode, responseMessage });
  return responseCode === null ? `the endpoint gave ${answer}` : `the endpoint ${verb} ${answer}`;
}

function arrivalWords({ probes, signature }: RegionReport): string {
  const arrived = probes.filter(({ arrived_after_ms }) => arrived_after_ms !== null).length;
  const what = probes.length > 1 ? `${arrived} of ${probes.length} probes` : "probe";
  const signed = signature === "valid" ? "signature valid" : `signature ${signature}`;
  return `${what} at the receiver, ${signature === "unsigned" ? "unsigned" : signed}`;
}

/** What a region still waits for, in a few words. */
export function describeWait(verdict: Verdict, attempt: Attempt | undefined): string {
  if (verdict === "retrying" && attempt) {
    return `deliveries fail (${describeAnswer(attempt)}), Konnect repeats them`;
  }
  return verdict === "accepting"
    ? "deliveries are accepted, the probe is not at the receiver yet"
    : "no delivery attempted yet";
}

/** The outcome of a whole run as one sentence. */
export function describeOutcome(regions: readonly RegionReport[]): string {
  const count = (outcome: RegionReport["outcome"]) =>
    regions.filter((report) => report.outcome === outcome).length;
  const parts = [
    `${count("passed")} of ${regions.length} ${regions.length === 1 ? "region" : "regions"} verified`,
    ...(count("failed") > 0 ? [`${count("failed")} failed`] : []),
    ...(count("error") > 0 ? [`${count("error")} could not be told`] : []),
  ];
  return `${parts.join(", ")}.`;
}
