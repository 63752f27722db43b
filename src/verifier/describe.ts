import { type Attempt, describeAnswer } from "./attempt.js";
import type { LeftOut } from "./left-out.js";
import type { RegionReport } from "./report.js";
import type { Verdict } from "./verdicts.js";

/** What a region's verdict stands on, in a few words. */
export function describeEvidence(report: RegionReport): string {
  if (!report.verdict) return describeErrorCode(report.error?.code);
  return evidenceWords[report.verdict](report);
}

/** What an error code means, in the few words that a table has room for. */
export function describeErrorCode(code: string | undefined): string {
  return errorWords[code ?? ""] ?? "inconclusive";
}

const errorWords: Readonly<Record<string, string>> = {
  KONNECT_UNAUTHORIZED: "Konnect refuses the token",
  KONNECT_FORBIDDEN: "the token lacks a permission",
  KONNECT_NOT_FOUND: "Konnect knows no such webhook",
  KONNECT_RATE_LIMITED: "Konnect's rate limit is used up",
  KONNECT_SERVER_ERROR: "Konnect fails",
  KONNECT_UNEXPECTED_STATUS: "Konnect's answer is unexpected",
  KONNECT_UNREADABLE_ANSWER: "Konnect's answer can't be read",
  KONNECT_UNREACHABLE: "no connection to Konnect",
  KONNECT_TIMEOUT: "no answer of Konnect in time",
  KONNECT_SERVER_URL_REGION: "the server URL serves another region",
  EVIDENCE_UNREACHABLE: "the receiver can't be reached",
  EVIDENCE_REFUSED: "the receiver does not answer",
  EVIDENCE_FILE_UNREADABLE: "the receiver's file can't be read",
  VERIFY_STOPPED: "stopped before it was done",
  VERIFY_TIME_UP: "the time was up",
  VERIFY_UNEXPECTED: "an unexpected failure",
};

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
export function describeOutcome(
  regions: readonly RegionReport[],
  leftOut: readonly LeftOut[] = [],
): string {
  const count = (outcome: RegionReport["outcome"]) =>
    regions.filter((report) => report.outcome === outcome).length;
  const left = (reason: LeftOut["reason"]) =>
    leftOut.filter((entry) => entry.reason === reason).length;
  const all = regions.length + left("paused");
  const counts: [number, string][] = [
    [count("failed"), "failed"],
    [count("error"), "inconclusive"],
    [left("paused"), "paused in the code"],
    [leftOut.length - left("paused"), "left out"],
  ];
  const parts = counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []));
  const verified = `${count("passed")} of ${all} ${all === 1 ? "region" : "regions"} verified`;
  return `${[verified, ...parts].join(", ")}.`;
}

/** What needs attention first, in the order in which it was given otherwise. */
export function failuresFirst<Region extends { outcome: string }>(
  regions: readonly Region[],
): Region[] {
  const isWell = ({ outcome }: Region) => outcome === "passed" || outcome === "skipped";
  return [...regions.filter((each) => !isWell(each)), ...regions.filter(isWell)];
}
