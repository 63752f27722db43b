import { exitCodes } from "../../src/verifier/report.js";
import {
  type EvidenceLevel,
  evidenceLevels,
  levelsProvenBy,
  type Verdict,
  verdictMeanings,
  verdictNames,
} from "../../src/verifier/verdicts.js";
import { type FaultCase, faultCases, proves } from "../../test/verifier/fault-cases.js";
import { markdownTable } from "./markdown.js";

/** What each verdict means, and the exit code that it leads to by the evidence that is asked for. */
export function verdictTable(): string {
  const rows = verdictNames.map((verdict) => [
    `\`${verdict}\``,
    verdictMeanings[verdict],
    exitCodesOf(verdict),
  ]);
  return markdownTable(["Verdict", "Meaning", "Exit code"], rows);
}

function exitCodesOf(verdict: Verdict): string {
  const { passed, failed } = exitCodes;
  const levels = levelsProvenBy(verdict, true);
  if (levels.length === 0) return String(failed);
  if (levels.length === evidenceLevels.length) return String(passed);
  return `${passed} with \`--evidence ${levels.join("|")}\`, else ${failed}`;
}

/** The verdict on every fault that the verifier is tested against, by the evidence that is asked for. */
export function faultMatrix(): string {
  const heads = ["Fault", ...evidenceLevels.map((level) => `\`--evidence ${level}\``)];
  const rows = faultCases.map((fault) => [
    fault.fault,
    ...evidenceLevels.map((level) => cell(fault, level)),
  ]);
  return markdownTable(heads, rows);
}

function cell({ verdicts }: FaultCase, level: EvidenceLevel): string {
  const verdict = verdicts[level];
  if (!verdict) return "–";
  return `${proves(verdict, level) ? "✓" : "✕"} ${verdict}`;
}
