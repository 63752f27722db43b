import { describeAnswer } from "./attempt.js";
import type { RegionReport } from "./report.js";
import type { Verdict } from "./verdicts.js";

/** What a region's verdict stands on, in a few words. */
export function describeEvidence(report: RegionReport): string {
  if (!report.verdict) return report.error?.code ?? "";
  return evidenceWords[report.verdict](report);
}

const evidenceWords: Readonly<Record<Verdict, (report: RegionReport) => string>> = {
  delivered: (report) => arrivalWords(report),
  accepting: (report) => `the endpoint answered ${answerWords(report)}`,
  retrying: (report) => `the endpoint answers ${answerWords(report)}`,
  failing: (report) => `the endpoint answers ${answerWords(report)}`,
  refused: (report) => `the endpoint answered ${answerWords(report)}`,
  silent: () => "no delivery was attempted in time",
  unverifiable: (report) => arrivalWords(report),
  misconfigured: ({ differences }) =>
    `${differences.map(({ field }) => field).join(", ")} not as expected`,
  disabled: () => "enabled is false",
  unconfigured: () => "no endpoint is set",
};

/** The endpoint's answer to the last attempt after the probe. */
export function answerWords({ last_attempt: attempt }: RegionReport): string {
  if (!attempt) return "nothing";
  const { response_code: responseCode, response_message: responseMessage } = attempt;
  return describeAnswer({ responseCode, responseMessage });
}

function arrivalWords({ probes, signature }: RegionReport): string {
  const arrived = probes.filter(({ arrived_after_ms }) => arrived_after_ms !== null).length;
  const what = probes.length > 1 ? `${arrived} of ${probes.length} probes` : "probe";
  const signed = signature === "valid" ? "signature valid" : `signature ${signature}`;
  return `${what} at the receiver, ${signature === "unsigned" ? "unsigned" : signed}`;
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
