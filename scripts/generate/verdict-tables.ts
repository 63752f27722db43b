import {
  type EvidenceLevel,
  evidenceLevels,
  verdictMeanings,
} from "../../src/verifier/verdicts.js";
import { type FaultCase, faultCases, proves } from "../../test/verifier/fault-cases.js";
import { markdownTable } from "./markdown.js";

/** What each verdict means. */
export function verdictTable(): string {
  const rows = Object.entries(verdictMeanings).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return markdownTable(["Verdict", "Meaning"], rows);
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
